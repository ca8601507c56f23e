/* SPDX-License-Identifier: BSD-2-Clause */
/* Ledgers on file systems that several machines share are refused. */

#include <sys/syscall.h>
#include <sys/vfs.h>

#include "sqlite_fixture.h"

#define LOCAL 0xef53 /* ext4 */

static uint32_t file_system; /* what the kernel would say; 0: what it says */

/* Seen by the library under test, which calls it by this name. */
__attribute__((visibility("default"))) int
statfs(const char *path, struct statfs *out)
{
	int r = (int)syscall(SYS_statfs, path, out);

	if (r == 0 && file_system != 0)
		out->f_type = (__typeof__(out->f_type))file_system;
	return r;
}

static int
local(void **state)
{
	file_system = 0;
	return setup(state);
}

static void
assert_advice(const struct fixture *f, int r, const char *name)
{
	assert_int_equal(r, CSEAL_ERR_IO);
	assert_non_null(strstr(f->err.what, name));
	assert_non_null(strstr(f->err.what, "send and receive"));
}

static void
refused(void **state)
{
	static const struct {
		uint32_t magic;
		const char *name;
	} shared[] = {
		{ 0x00006969, "NFS" },
		{ 0xff534d42, "CIFS" },
		{ 0xfe534d42, "SMB" },
		{ 0x65735546, "FUSE" },
		{ 0x01021997, "9P" },
	};
	struct fixture *f = *state;
	char other[200];

	make_ledger(f, 1);
	shut(f);
	(void)snprintf(other, sizeof(other), "%s.new", f->where);
	for (size_t i = 0; i < COUNT(shared); i++) {
		file_system = shared[i].magic;
		assert_advice(f, open_as(f, STORE_READ), shared[i].name);
		assert_advice(f, open_as(f, STORE_WRITE), shared[i].name);
		assert_advice(f,
		    store_sqlite.open(&f->store, other, STORE_CREATE, &f->err),
		    shared[i].name);
		assert_int_not_equal(access(other, F_OK), 0);
	}
	file_system = LOCAL;
	assert_int_equal(open_as(f, STORE_WRITE), CSEAL_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refused, local, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
