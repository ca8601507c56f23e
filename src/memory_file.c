/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The file: [ magic, format, version of the program, ledger id, size, root,
 * state / null, findings, SHA-256 of all before it ].
 */

#include "memory_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "counterseal.h"
#include "digest.h"
#include "memory_state.h"

#define MAGIC	     "counterseal memory"
#define FORMAT	     2
#define MEMBERS	     9
#define HEADER_BYTES 256 /* in which the members before the state lie */
#define SEAL_BYTES   (2 + CSEAL_HASH_BYTES) /* a byte string of 32 */

/* What stands before the state. */
struct header {
	char magic[32];
	uint64_t format;
	char version[32];
	uint8_t id[CSEAL_HASH_BYTES];
	struct cseal_head head;
};

static void
move_header(struct memory_codec *c, struct header *h)
{
	codec_array(c, MEMBERS);
	codec_text(c, h->magic, sizeof(h->magic));
	codec_uint(c, &h->format);
	codec_text(c, h->version, sizeof(h->version));
	codec_fixed(c, h->id, sizeof(h->id));
	codec_uint(c, &h->head.size);
	codec_fixed(c, h->head.root, sizeof(h->head.root));
}

/* ---- findings ---- */

static void
move_finding(struct memory_codec *c, void *ctx, void *item)
{
	struct cseal_finding *f = item;
	char code[64] = "";

	(void)ctx;
	codec_array(c, 6);
	if (!codec_reads(c))
		(void)snprintf(code, sizeof(code), "%s", f->rule->code);
	codec_text(c, code, sizeof(code));
	if (codec_reads(c))
		f->rule = cseal_rule_find(code);
	codec_demand(c, f->rule != NULL);
	codec_bool(c, &f->has_entry);
	codec_uint(c, &f->entry);
	codec_bool(c, &f->has_change);
	codec_uint(c, &f->change);
	codec_text(c, f->detail, sizeof(f->detail));
}

/* ---- bytes ---- */

static int
seal_of(struct cseal_slice bytes, uint8_t out[CSEAL_HASH_BYTES])
{
	return digest_sha256(out, &bytes, 1);
}

int
memory_file_encode(
    struct cseal_buf *out, const struct cseal_replay *r, bool with_state)
{
	struct header h = { MAGIC, FORMAT, "", { 0 }, { 0 } };
	struct vec findings = { 0 };
	uint8_t seal[CSEAL_HASH_BYTES];
	struct memory_codec c;
	int e;

	h.head = cseal_state_head(r->state);
	memcpy(h.id, r->state->id, sizeof(h.id));
	(void)snprintf(h.version, sizeof(h.version), "%s", cseal_version());
	if (with_state)
		findings = r->findings;
	codec_init_write(&c, out);
	move_header(&c, &h);
	if (with_state)
		memory_state_move(&c, r->state, h.head.size);
	else
		dcbor_put_null(out);
	codec_vec(
	    &c, &findings, sizeof(struct cseal_finding), move_finding, NULL);
	if ((e = codec_end(&c)) != CSEAL_OK ||
	    (e = seal_of(cseal_buf_slice(out), seal)) != CSEAL_OK)
		return e;
	dcbor_put_bytes(out, seal, sizeof(seal));
	return cseal_buf_error(out);
}

void
memory_file_free(struct memory_file *f)
{
	if (f == NULL)
		return;
	state_free(f->state);
	vec_free(&f->findings, NULL);
	memset(f, 0, sizeof(*f));
}

static int
unusable(const char **why, const char *sentence)
{
	*why = sentence;
	return CSEAL_ERR_FORMAT;
}

static int
check_header(struct memory_codec *c, const struct header *h,
    const uint8_t id[CSEAL_HASH_BYTES], const char **why)
{
	if (c->err != CSEAL_OK || strcmp(h->magic, MAGIC) != 0)
		return unusable(why, "it is damaged");
	if (h->format != FORMAT)
		return unusable(why, "another counterseal wrote it");
	if (memcmp(h->id, id, sizeof(h->id)) != 0)
		return unusable(why, "it is of another ledger");
	return h->head.size > 0 ? CSEAL_OK : unusable(why, "it is damaged");
}

static int
read_state(struct memory_file *out, struct memory_codec *c,
    const uint8_t id[CSEAL_HASH_BYTES])
{
	uint8_t seal[CSEAL_HASH_BYTES];
	int e;

	if (dcbor_peek(&c->in) == DCBOR_NULL) {
		dcbor_get_null(&c->in);
	} else if ((out->state = state_new()) == NULL) {
		return CSEAL_ERR_NOMEM;
	} else {
		memory_state_move(c, out->state, out->head.size);
	}
	codec_vec(c, &out->findings, sizeof(struct cseal_finding), move_finding,
	    NULL);
	codec_fixed(c, seal, sizeof(seal));
	if ((e = codec_end(c)) != CSEAL_OK || out->state == NULL)
		return e;
	return memcmp(state_root(out->state, out->head.size), out->head.root,
		   CSEAL_HASH_BYTES) == 0 &&
		       memcmp(out->state->id, id, CSEAL_HASH_BYTES) == 0
		   ? CSEAL_OK
		   : CSEAL_ERR_FORMAT;
}

static bool
is_whole(struct cseal_slice bytes)
{
	struct cseal_slice before = bytes;
	uint8_t seal[CSEAL_HASH_BYTES];

	if (bytes.len < SEAL_BYTES)
		return false;
	before.len -= SEAL_BYTES;
	return seal_of(before, seal) == CSEAL_OK &&
	       memcmp(bytes.data + bytes.len - CSEAL_HASH_BYTES, seal,
		   sizeof(seal)) == 0;
}

int
memory_file_decode(struct memory_file *out, struct cseal_slice bytes,
    const uint8_t id[CSEAL_HASH_BYTES], const char **why)
{
	struct memory_codec c;
	struct header h = { 0 };
	int e;

	memset(out, 0, sizeof(*out));
	if (!is_whole(bytes))
		return unusable(why, "it is damaged");
	codec_init_read(&c, bytes);
	move_header(&c, &h);
	if ((e = check_header(&c, &h, id, why)) != CSEAL_OK)
		return e;
	out->head = h.head;
	out->current = strcmp(h.version, cseal_version()) == 0;
	if (!out->current)
		return CSEAL_OK;
	if ((e = read_state(out, &c, id)) == CSEAL_OK)
		return CSEAL_OK;
	memory_file_free(out);
	if (e == CSEAL_ERR_NOMEM) {
		*why = "memory is short";
		return e;
	}
	return unusable(why, "it is damaged");
}

/* ---- files ---- */

int
memory_file_open(const char *path, size_t *size, const char **why)
{
	struct stat st;
	int fd;

	*size = 0;
	fd = open(
	    path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		*why = errno == ENOENT	? "it is not there"
		       : errno == ELOOP ? "it is a symbolic link"
					: "it cannot be opened";
		return -1;
	}
	*why = NULL;
	if (fstat(fd, &st) != 0)
		*why = "it cannot be opened";
	else if (!S_ISREG(st.st_mode))
		*why = "it is not a file";
	else if (st.st_uid != geteuid())
		*why = "it belongs to somebody else";
	else if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		*why = "others can write it";
	else if (st.st_size < 0 || (uint64_t)st.st_size > MEMORY_FILE_MAX)
		*why = "it is too large";
	if (*why == NULL) {
		*size = (size_t)st.st_size;
		return fd;
	}
	(void)close(fd);
	errno = EPERM;
	return -1;
}

/* At most `size` bytes; less at the end of the file. */
static size_t
read_bytes(int fd, uint8_t *p, size_t size)
{
	size_t got = 0;
	ssize_t n;

	while (got < size) {
		n = read(fd, p + got, size - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

int
memory_file_read(struct memory_file *out, const char *path,
    const uint8_t id[CSEAL_HASH_BYTES], const char **why)
{
	struct cseal_slice s;
	uint8_t *bytes;
	size_t size;
	int fd, e;

	memset(out, 0, sizeof(*out));
	if ((fd = memory_file_open(path, &size, why)) < 0)
		return errno == ENOENT ? CSEAL_ERR_NOT_FOUND : CSEAL_ERR_IO;
	if ((bytes = malloc(size + 1)) == NULL) {
		*why = "memory is short";
		(void)close(fd);
		return CSEAL_ERR_NOMEM;
	}
	s.data = bytes;
	s.len = read_bytes(fd, bytes, size);
	(void)close(fd);
	e = memory_file_decode(out, s, id, why);
	free(bytes);
	return e;
}

uint64_t
memory_file_peek(const char *path, const uint8_t id[CSEAL_HASH_BYTES])
{
	uint8_t bytes[HEADER_BYTES];
	struct cseal_slice s = { bytes, 0 };
	struct header h = { 0 };
	struct memory_codec c;
	const char *why;
	size_t size;
	int fd;

	if ((fd = memory_file_open(path, &size, &why)) < 0)
		return 0;
	s.len = read_bytes(fd, bytes, sizeof(bytes));
	(void)close(fd);
	codec_init_read(&c, s);
	move_header(&c, &h);
	return check_header(&c, &h, id, &why) == CSEAL_OK ? h.head.size : 0;
}

int
memory_file_write(
    const char *path, const struct cseal_replay *r, bool with_state)
{
	struct cseal_buf b;
	int e;

	cseal_buf_init(&b, MEMORY_FILE_MAX);
	e = memory_file_encode(&b, r, with_state);
	if (e == CSEAL_OK)
		e = cseal_buf_write_file(&b, path);
	cseal_buf_free(&b);
	return e;
}
