/* SPDX-License-Identifier: BSD-2-Clause */
/* A parcel, as it comes by mail or in a folder; and the name of its file. */

#include "exchange_folder.h"
#include "fuzz_bytes.h"

/* A name that is taken has the parts that it is put together from. */
static void
try_name(const uint8_t *data, size_t size)
{
	struct folder_file f;
	char name[2 * FOLDER_NAME_BYTES];
	const size_t n = size < sizeof(name) ? size : sizeof(name) - 1;

	memcpy(name, data, n);
	name[n] = '\0';
	if (!folder_name_parse(name, &f))
		return;
	fuzz_must(strcmp(f.name, name) == 0, "a name that is another");
	fuzz_must(strchr(name, '/') == NULL && name[0] != '.',
	    "a name that leaves the folder");
	fuzz_must(f.kind < FOLDER_KINDS, "a kind that is none");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cseal_slice bytes = { data, size };
	struct cseal_error err = { 0 };
	struct cseal_buf b;
	struct parcel p;

	try_name(data, size);
	if (parcel_parse(&p, bytes, &err) != CSEAL_OK) {
		fuzz_must(err.what[0] != '\0', "a refusal without a reason");
		return 0;
	}
	cseal_buf_init(&b, 0);
	fuzz_must(parcel_encode(&b, &p) == CSEAL_OK,
	    "a parcel that parses cannot be encoded");
	fuzz_must_be(&b, bytes, "a parcel is encoded to other bytes");
	cseal_buf_free(&b);
	parcel_free(&p);
	return 0;
}
