/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Text in lines, each through the filter; the line feeds stay. */
static int
filter(struct cseal_buf *out, const char *text)
{
	size_t len;
	int r = CSEAL_OK;

	while (r == CSEAL_OK && *text != '\0') {
		len = strcspn(text, "\n");
		r = cseal_text_safe(out, (const uint8_t *)text, len, 0);
		text += len;
		if (r == CSEAL_OK && *text == '\n') {
			r = cseal_buf_add_u8(out, '\n');
			text++;
		}
	}
	return r;
}

static int __attribute__((format(printf, 2, 0)))
format(struct cseal_buf *out, const char *fmt, va_list ap)
{
	char *text = NULL;
	int n;
	int r;

	n = vasprintf(&text, fmt, ap);
	if (n < 0)
		return CSEAL_ERR_NOMEM;
	r = filter(out, text);
	cseal_wipe(text, (size_t)n);
	free(text);
	return r;
}

static void
write_all(int fd, const char *p, size_t n)
{
	ssize_t k;

	while (n > 0) {
		k = write(fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return;
		p += k;
		n -= (size_t)k;
	}
}

static void
to_stdout(struct cli *c, const char *p, size_t n)
{
	cli_progress_end(c);
	if (fwrite(p, 1, n, stdout) != n && c->broken == 0)
		c->broken = errno;
}

void
cli_say(struct cli *c, const char *fmt, ...)
{
	struct cseal_buf b;
	va_list ap;

	cseal_buf_init(&b, 0);
	va_start(ap, fmt);
	if (format(&b, fmt, ap) != CSEAL_OK)
		c->broken = ENOMEM;
	va_end(ap);
	to_stdout(c, cseal_buf_str(&b), b.len);
	cseal_buf_free(&b);
}

void
cli_put(struct cli *c, const char *text)
{
	to_stdout(c, text, strlen(text));
}

void
cli_note(struct cli *c, const char *fmt, ...)
{
	struct cseal_buf b;
	va_list ap;

	cseal_buf_init(&b, 0);
	va_start(ap, fmt);
	(void)format(&b, fmt, ap);
	va_end(ap);
	fflush(stdout);
	cli_progress_end(c);
	write_all(
	    cli_terminal(c) ? c->tty : STDERR_FILENO, cseal_buf_str(&b), b.len);
	cseal_buf_free(&b);
}

void
cli_note_place(
    struct cli *c, const char *mark, const char *where, const char *what)
{
	const int fd = cli_terminal(c) ? c->tty : STDERR_FILENO;
	const size_t columns = cli_columns_of(fd), indent = strlen(mark);
	struct cseal_buf text, lines;
	const char *line;
	int n;

	cseal_buf_init(&text, 0);
	cseal_buf_init(&lines, 0);
	(void)cseal_buf_printf(&text, "%s: %s", where, what);
	(void)cli_wrap(&lines, cseal_buf_str(&text),
	    columns > indent ? columns - indent : SIZE_MAX);
	line = cseal_buf_str(&lines);
	for (; line != NULL; mark = "    ") {
		n = (int)strcspn(line, "\n");
		cli_note(c, "%s%.*s\n", mark, n, line);
		line = line[n] == '\n' ? line + n + 1 : NULL;
	}
	cseal_buf_free(&text);
	cseal_buf_free(&lines);
}

void
cli_note_error(struct cli *c)
{
	cli_note_place(c, "  ! ", c->err.where, c->err.what);
}

/* Broken into lines for a terminal; whole for programs that look for it. */
static void
to_stderr(struct cseal_buf *text)
{
	const size_t columns = cli_columns_of(STDERR_FILENO);
	struct cseal_buf lines;

	cseal_buf_init(&lines, 0);
	if (columns > 0 &&
	    cli_wrap(&lines, cseal_buf_str(text), columns) == CSEAL_OK)
		write_all(STDERR_FILENO, cseal_buf_str(&lines), lines.len);
	else
		write_all(STDERR_FILENO, cseal_buf_str(text), text->len);
	cseal_buf_free(&lines);
}

void
cli_warn(struct cli *c, const char *fmt, ...)
{
	struct cseal_buf b;
	va_list ap;

	cseal_buf_init(&b, 0);
	va_start(ap, fmt);
	(void)cseal_buf_add_str(&b, "counterseal: ");
	(void)format(&b, fmt, ap);
	(void)cseal_buf_add_u8(&b, '\n');
	va_end(ap);
	fflush(stdout);
	cli_progress_end(c);
	to_stderr(&b);
	cseal_buf_free(&b);
}

void
cli_time(uint64_t t, char out[CLI_TIME_BYTES])
{
	char utc[CSEAL_TIME_BYTES];

	cseal_time_utc(t, utc);
	if (strlen(utc) < 17) {
		snprintf(out, CLI_TIME_BYTES, "%s", utc);
		return;
	}
	utc[10] = ' ';
	snprintf(out, CLI_TIME_BYTES, "%.16s UTC", utc);
}

/* 12000 as "12,000". */
static void
grouped(uint64_t n, char out[32])
{
	char digits[24];
	size_t len;
	size_t k = 0;

	len = (size_t)snprintf(
	    digits, sizeof(digits), "%llu", (unsigned long long)n);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[k++] = ',';
		out[k++] = digits[i];
	}
	out[k] = '\0';
}

/* What takes no time needs no progress. */
#define PROGRESS_LEAST 2000

void
cli_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct cli *c = ctx;
	char n[32];
	char of[32];

	if (total < PROGRESS_LEAST || !isatty(STDERR_FILENO))
		return;
	grouped(done, n);
	grouped(total, of);
	fprintf(stderr, "\rverified %s of %s", n, of);
	fflush(stderr);
	c->bar = true;
}

void
cli_progress_end(struct cli *c)
{
	if (!c->bar)
		return;
	c->bar = false;
	fprintf(stderr, "\r%60s\r", "");
	fflush(stderr);
}
