/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The user's hooks: executables in the folder `hooks` beside config.ini. They
 * are told of entries that were appended, and can change nothing of that.
 */

#include "notice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOOKS_MAX     32
#define WAITING_MAX   1000 /* notices of one command */
#define SECONDS	      10   /* that a hook may take, unless it is set */
#define SAID_LINES    10
#define TROUBLE_BYTES 256

/* The folder, while it is gone through. */
struct folder {
	char path[PATH_MAX];
	int fd;
	char *names[HOOKS_MAX + 1];
	size_t n;
};

/* ---- what is told ---- */

/* On standard error; with --json in the answer that comes next. */
static void __attribute__((format(printf, 3, 4)))
trouble(struct cli *c, const char *hook, const char *fmt, ...)
{
	char what[TROUBLE_BYTES];
	struct cseal_buf safe;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (!c->json) {
		cli_warn(c, "hook %s: %s", hook, what);
		return;
	}
	if (c->hooks.troubles == NULL)
		c->hooks.troubles = json_array();
	cseal_buf_init(&safe, 0);
	(void)cseal_text_safe(&safe, (const uint8_t *)hook, strlen(hook), 0);
	json_array_append_new(
	    c->hooks.troubles, json_pack("{s:s, s:s}", "hook",
				   cseal_buf_str(&safe), "trouble", what));
	cseal_buf_free(&safe);
}

/* What the hook wrote to standard error, a line each. */
static void
tell_said(struct cli *c, const char *name, const struct hook *h)
{
	const char *line = (const char *)h->said.data;
	size_t left = h->said.len;
	unsigned lines = 0;

	while (left > 0 && lines < SAID_LINES) {
		const char *end = memchr(line, '\n', left);
		const size_t n = end != NULL ? (size_t)(end - line) : left;

		cli_warn(c, "hook %s says: %.*s", name, (int)n, line);
		lines++;
		line += n + (end != NULL);
		left -= n + (end != NULL);
	}
	if (left > 0 || h->said_more)
		cli_warn(c, "hook %s says more, which is not shown", name);
}

static void
tell_end(
    struct cli *c, const char *name, const struct hook *h, enum hook_end end)
{
	switch (end) {
	case HOOK_DONE: break;
	case HOOK_STATUS:
		trouble(c, name, "ended with status %d", h->number);
		break;
	case HOOK_SIGNAL:
		trouble(c, name, "died by signal %d", h->number);
		break;
	case HOOK_LATE:
		trouble(c, name,
		    "did not end within %u s and was ended; it is told nothing "
		    "more now",
		    h->seconds);
		break;
	case HOOK_STOPPED: trouble(c, name, "was stopped"); break;
	case HOOK_FAILED:
		trouble(c, name, "cannot be run: %s", strerror(h->number));
		break;
	}
}

/* ---- the folder ---- */

/* What others can write would run as us. NULL: it may be used. */
static const char *
distrusted(const struct stat *st)
{
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return "belongs to somebody else: not used";
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "others can write it: not used; chmod go-w it";
	return NULL;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
folder_path(const struct cli *c, char out[PATH_MAX])
{
	const char *slash = strrchr(c->config_path, '/');
	int n;

	n = snprintf(out, PATH_MAX, "%.*s/hooks", (int)(slash - c->config_path),
	    c->config_path);
	return n > 0 && n < PATH_MAX;
}

/* False if there is none, or, which is told, none that may be used. */
static bool
folder_open(struct cli *c, struct folder *f)
{
	const char *why = NULL;
	struct stat st;

	f->fd = -1;
	if (!folder_path(c, f->path))
		return false;
	f->fd = open(f->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (f->fd < 0 && errno == ENOENT)
		return false;
	if (f->fd < 0)
		why = errno == ELOOP || errno == ENOTDIR ? "is not a folder"
							 : strerror(errno);
	else
		why =
		    fstat(f->fd, &st) == 0 ? distrusted(&st) : strerror(errno);
	if (why == NULL)
		return true;
	trouble(c, f->path, "%s", why);
	if (f->fd >= 0)
		(void)close(f->fd);
	f->fd = -1;
	return false;
}

/* Names in order; the descriptor goes to `dir` and with it. */
static void
folder_read(struct cli *c, struct folder *f)
{
	const int fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *e;

	if (dir == NULL) {
		if (fd >= 0)
			(void)close(fd);
		trouble(c, f->path, "cannot be read: %s", strerror(errno));
		return;
	}
	while (f->n < HOOKS_MAX && (e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		f->names[f->n] = strdup(e->d_name);
		f->n += f->names[f->n] != NULL;
	}
	if (f->n == HOOKS_MAX)
		trouble(c, f->path,
		    "has %d hooks or more: the others are not run", HOOKS_MAX);
	(void)closedir(dir);
	qsort(f->names, f->n, sizeof(f->names[0]), by_name);
}

static void
folder_close(struct folder *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->names[i]);
	if (f->fd >= 0)
		(void)close(f->fd);
}

/* NULL: it may be run. */
static const char *
unfit(const struct folder *f, const char *name)
{
	struct stat st;

	if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is not a file of its own: not run";
	if (distrusted(&st) != NULL)
		return distrusted(&st);
	if ((st.st_mode & S_IXUSR) == 0)
		return "is not executable: chmod u+x it, or take it away";
	return NULL;
}

/* ---- the runs ---- */

/* False: we are to end. */
static bool
run_one(
    struct cli *c, const struct folder *f, const char *name, const char *line)
{
	char path[PATH_MAX];
	struct hook h = { .path = path,
		.seconds = c->hooks.seconds > 0 ? c->hooks.seconds : SECONDS,
		.signals = c->signals };
	enum hook_end end;
	const int n = snprintf(path, sizeof(path), "%s/%s", f->path, name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return true;
	h.in.data = (const uint8_t *)line;
	h.in.len = strlen(line);
	end = hook_run(&h);
	tell_said(c, name, &h);
	tell_end(c, name, &h, end);
	cseal_buf_free(&h.said);
	if (end == HOOK_LATE)
		json_object_set_new(c->hooks.late, name, json_true());
	return end != HOOK_STOPPED;
}

/* Each hook is told of each entry, in the order of both. */
static bool
run_all(struct cli *c, struct folder *f)
{
	const char *why;
	size_t i, k;
	json_t *line;

	for (k = 0; k < f->n; k++) {
		why = unfit(f, f->names[k]);
		if (why == NULL)
			continue;
		trouble(c, f->names[k], "%s", why);
		free(f->names[k]);
		f->names[k] = NULL;
	}
	json_array_foreach(c->hooks.waiting, i, line)
	{
		for (k = 0; k < f->n; k++) {
			if (f->names[k] == NULL ||
			    json_object_get(c->hooks.late, f->names[k]) != NULL)
				continue;
			if (cli_signals_pending(c) ||
			    !run_one(
				c, f, f->names[k], json_string_value(line)))
				return false;
		}
	}
	return true;
}

static void
wait_for_hooks(struct cli *c, json_t *notice)
{
	char *text = NULL, *line = NULL;

	if (notice != NULL)
		text = json_dumps(notice, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(notice);
	if (c->hooks.waiting == NULL)
		c->hooks.waiting = json_array();
	if (text == NULL || asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	free(text);
	if (line == NULL ||
	    json_array_append_new(c->hooks.waiting, json_string(line)) != 0)
		c->hooks.dropped++;
	free(line);
}

struct waiting {
	struct cli *c;
	const struct cseal_desk *d;
};

static int
take(void *ctx, const struct reading_entry *e)
{
	const struct waiting *w = ctx;

	wait_for_hooks(w->c, notice_json(w->d, e));
	return CSEAL_OK;
}

void
cli_hooks_add(struct cli *c, struct cseal_desk *d, uint64_t index)
{
	const struct cseal_error before = c->err;
	const unsigned dropped = c->hooks.dropped;
	struct waiting w = { c, d };
	char path[PATH_MAX];
	struct stat st;

	if (!folder_path(c, path) || lstat(path, &st) != 0)
		return;
	if (json_array_size(c->hooks.waiting) >= WAITING_MAX ||
	    reading_entries(c, d, index, 1, take, &w) != CSEAL_OK)
		c->hooks.dropped = dropped + 1;
	c->err = before;
}

void
cli_hooks_run(struct cli *c)
{
	struct folder f = { .fd = -1 };

	if (c->hooks.waiting == NULL)
		return;
	if (c->hooks.late == NULL)
		c->hooks.late = json_object();
	if (folder_open(c, &f) && cli_signals_hold(c) == CSEAL_OK) {
		folder_read(c, &f);
		if (!run_all(c, &f))
			trouble(c, f.path, "stopped: not every hook was told");
		if (c->hooks.dropped > 0)
			trouble(c, f.path,
			    "%u entries more were not told; see: counterseal "
			    "log",
			    c->hooks.dropped);
	}
	folder_close(&f);
	json_decref(c->hooks.waiting);
	c->hooks.waiting = NULL;
	c->hooks.dropped = 0;
}

void
cli_hooks_end(struct cli *c)
{
	const json_t *t;
	size_t i;

	cli_hooks_run(c);
	json_array_foreach(c->hooks.troubles, i, t)
	{
		cli_warn(c, "hook %s: %s",
		    json_string_value(json_object_get(t, "hook")),
		    json_string_value(json_object_get(t, "trouble")));
	}
	json_decref(c->hooks.troubles);
	json_decref(c->hooks.late);
	c->hooks.troubles = c->hooks.late = NULL;
}
