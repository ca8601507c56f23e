/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_MAX	 16384
#define HOOK_SECONDS_MAX 60
/* inih cuts longer lines and takes the rest for a line of its own. */
#define CONFIG_LINE_MAX (INI_MAX_LINE - 2)

const char *
cli_source_name(enum cli_source s)
{
	static const char *const names[] = {
		[CLI_FROM_DEFAULT] = "default",
		[CLI_FROM_OPTION] = "option",
		[CLI_FROM_ENVIRONMENT] = "environment",
		[CLI_FROM_CONFIG] = "config",
	};

	return names[s];
}

static const char *
home(void)
{
	const char *h = getenv("HOME");
	const struct passwd *pw;

	if (h != NULL && h[0] == '/')
		return h;
	pw = getpwuid(getuid());
	return pw != NULL ? pw->pw_dir : "/";
}

/* $XDG/counterseal/file; a relative XDG folder is to be ignored (its spec). */
static char *
xdg(const char *variable, const char *under_home, const char *file)
{
	const char *base = getenv(variable);
	char *path = NULL;
	int n;

	if (base != NULL && base[0] == '/')
		n = asprintf(&path, "%s/counterseal%s", base, file);
	else
		n = asprintf(
		    &path, "%s/%s/counterseal%s", home(), under_home, file);
	return n < 0 ? NULL : path;
}

static int
set(struct cli *c, struct cli_setting *s, const char *value,
    enum cli_source source)
{
	s->value = strdup(value);
	s->source = source;
	return s->value != NULL
		   ? CSEAL_OK
		   : cli_error(c, CSEAL_ERR_NOMEM, "", "out of memory");
}

static int
given_twice(struct cli *c, const char *name)
{
	return cli_error(c, CSEAL_ERR_INPUT, name, "given twice");
}

static int
take_paths(
    struct cli *c, const char *name, const char *value, struct cli_setting *s)
{
	if (s->source == CLI_FROM_CONFIG)
		return given_twice(c, name);
	for (const char *p = value; p != NULL; p = strchr(p, ',')) {
		p += *p == ',';
		if (p[0] != '/' && strncmp(p, "unix:/", 6) != 0)
			return cli_error(c, CSEAL_ERR_INPUT, name,
			    "must be an absolute path");
		if (s != &c->token)
			break;
	}
	return s->value == NULL ? set(c, s, value, CLI_FROM_CONFIG) : CSEAL_OK;
}

/* "10s", 1 to 60 */
static int
take_limit(struct cli *c, const char *name, const char *value)
{
	char *end = NULL;
	const unsigned long n =
	    value[0] >= '1' && value[0] <= '9' ? strtoul(value, &end, 10) : 0;

	if (c->hooks.seconds != 0)
		return cli_error(c, CSEAL_ERR_INPUT, name, "given twice");
	if (n < 1 || n > HOOK_SECONDS_MAX || strcmp(end, "s") != 0)
		return cli_error(c, CSEAL_ERR_INPUT, name, "must be 1s to %ds",
		    HOOK_SECONDS_MAX);
	c->hooks.seconds = (unsigned)n;
	return CSEAL_OK;
}

static int
take_ledger(struct cli *c, const char *name, const char *value)
{
	return take_paths(c, name, value, &c->ledger);
}

static int
take_token(struct cli *c, const char *name, const char *value)
{
	return take_paths(c, name, value, &c->token);
}

static int
take_roots(struct cli *c, const char *name, const char *value)
{
	return take_paths(c, name, value, &c->roots);
}

static int
take_metadata(struct cli *c, const char *name, const char *value)
{
	return take_paths(c, name, value, &c->metadata);
}

static int
take_metadata_root(struct cli *c, const char *name, const char *value)
{
	return take_paths(c, name, value, &c->metadata_root);
}

static int
take_word(
    struct cli *c, const char *name, const char *value, struct cli_setting *s)
{
	return s->value == NULL ? set(c, s, value, CLI_FROM_CONFIG)
				: given_twice(c, name);
}

static int
take_clipboard(struct cli *c, const char *name, const char *value)
{
	int r = cli_clipboard_word(c, name, value);

	return r == CSEAL_OK ? take_word(c, name, value, &c->clipboard) : r;
}

static int
take_osc52(struct cli *c, const char *name, const char *value)
{
	if (strcmp(value, "allowed") != 0 && strcmp(value, "refused") != 0)
		return cli_error(
		    c, CSEAL_ERR_INPUT, name, "is either allowed or refused");
	return take_word(c, name, value, &c->osc52);
}

static const struct {
	const char *section;
	const char *name;
	int (*take)(struct cli *c, const char *name, const char *value);
} config_keys[] = {
	{ "desk", "ledger", take_ledger },
	{ "desk", "token", take_token },
	{ "desk", "clipboard", take_clipboard },
	{ "desk", "osc52", take_osc52 },
	{ "attestation", "roots", take_roots },
	{ "attestation", "metadata", take_metadata },
	{ "attestation", "metadata root", take_metadata_root },
	{ "hooks", "time limit", take_limit },
};

#define N_CONFIG_KEYS (sizeof(config_keys) / sizeof(config_keys[0]))

static int
refuse_key(struct cli *c, const char *section, const char *name)
{
	const char *names[N_CONFIG_KEYS];
	struct cseal_buf b;
	size_t n = 0;
	int r;

	for (size_t i = 0; i < N_CONFIG_KEYS; i++) {
		if (strcmp(config_keys[i].section, section) == 0)
			names[n++] = config_keys[i].name;
	}
	if (n == 0)
		return cli_error(c, CSEAL_ERR_INPUT, section,
		    "no such section; there are [desk], [attestation] and "
		    "[hooks]");
	cseal_buf_init(&b, 0);
	(void)cli_list_names(&b, names, n);
	r = cli_error(c, CSEAL_ERR_INPUT, name, "no such setting; there is %s",
	    cseal_buf_str(&b));
	cseal_buf_free(&b);
	return r;
}

static int
config_line(
    void *user, const char *section, const char *name, const char *value)
{
	struct cli *c = user;

	if (c->err.code != CSEAL_OK)
		return 0;
	for (size_t i = 0; i < N_CONFIG_KEYS; i++) {
		if (strcmp(config_keys[i].section, section) == 0 &&
		    strcmp(config_keys[i].name, name) == 0)
			return config_keys[i].take(c, name, value) == CSEAL_OK;
	}
	return refuse_key(c, section, name) == CSEAL_OK;
}

/* Its place before what config_line() said. */
static int
config_fail(struct cli *c, int line)
{
	char what[CSEAL_ERROR_WHAT_BYTES];

	if (c->err.code == CSEAL_OK)
		snprintf(what, sizeof(what),
		    "line %d is neither [section] nor NAME = VALUE", line);
	else
		snprintf(what, sizeof(what), "line %d: %.60s: %.300s", line,
		    c->err.where, c->err.what);
	return cli_error(c, CSEAL_ERR_INPUT, c->config_path, "%s", what);
}

static int
config_parse(struct cli *c, struct cseal_buf *b)
{
	const char *text = cseal_buf_str(b);
	int number = 1;
	size_t len;
	int line;

	if (strlen(text) != b->len)
		return cli_error(
		    c, CSEAL_ERR_INPUT, c->config_path, "is not a text file");
	for (const char *p = text; *p != '\0'; number++) {
		len = strcspn(p, "\n");
		if (len > CONFIG_LINE_MAX)
			return cli_error(c, CSEAL_ERR_INPUT, c->config_path,
			    "line %d is longer than %d bytes", number,
			    CONFIG_LINE_MAX);
		p += len + (p[len] == '\n');
	}
	line = ini_parse_string(text, config_line, c);
	return line == 0 ? CSEAL_OK : config_fail(c, line);
}

/* Whoever can write it could send values to a ledger of theirs. */
static int
config_trusted(struct cli *c, int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return cli_error(
		    c, CSEAL_ERR_IO, c->config_path, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return cli_error(
		    c, CSEAL_ERR_IO, c->config_path, "is not a file");
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return cli_error(c, CSEAL_ERR_IO, c->config_path,
		    "belongs to somebody else: chown it to you");
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return cli_error(c, CSEAL_ERR_IO, c->config_path,
		    "others can write it: chmod go-w it");
	return CSEAL_OK;
}

static int
config_read(struct cli *c)
{
	struct cseal_buf b;
	int fd;
	int r;

	fd = open(c->config_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return CSEAL_OK;
	if (fd < 0)
		return cli_error(
		    c, CSEAL_ERR_IO, c->config_path, "%s", strerror(errno));
	cseal_buf_init(&b, CONFIG_MAX + 1);
	r = config_trusted(c, fd);
	if (r == CSEAL_OK) {
		r = cseal_buf_read_fd(&b, fd, CONFIG_MAX);
		if (r != CSEAL_OK)
			cli_error(
			    c, r, c->config_path, "%s", cseal_strerror(r));
	}
	close(fd);
	if (r == CSEAL_OK)
		r = config_parse(c, &b);
	cseal_buf_free(&b);
	return r;
}

/* An option that was given several times, with commas between. */
static int
from_option(struct cli *c, struct cli_setting *s, const char *option)
{
	struct cseal_buf all;
	const char *value;
	int r;

	cseal_buf_init(&all, 0);
	for (size_t i = 0; (value = cli_option_at(c, option, i)) != NULL; i++)
		(void)cseal_buf_printf(&all, "%s%s", i > 0 ? "," : "", value);
	r = cseal_buf_error(&all) == CSEAL_OK
		? set(c, s, cseal_buf_str(&all), CLI_FROM_OPTION)
		: cli_error(c, CSEAL_ERR_NOMEM, "", "out of memory");
	cseal_buf_free(&all);
	return r;
}

static int
from_command_line(struct cli *c, struct cli_setting *s, const char *option,
    const char *variable)
{
	const char *value;

	if (cli_option_given(c, option))
		return from_option(c, s, option);
	value = getenv(variable);
	if (value != NULL && value[0] != '\0')
		return set(c, s, value, CLI_FROM_ENVIRONMENT);
	return CSEAL_OK;
}

int
cli_settings_read(struct cli *c)
{
	int r;

	c->config_path = xdg("XDG_CONFIG_HOME", ".config", "/config.ini");
	c->state_dir = xdg("XDG_STATE_HOME", ".local/state", "");
	if (c->config_path == NULL || c->state_dir == NULL)
		return cli_error(c, CSEAL_ERR_NOMEM, "", "out of memory");
	r = from_command_line(c, &c->ledger, "ledger", "COUNTERSEAL_LEDGER");
	if (r == CSEAL_OK)
		r = from_command_line(
		    c, &c->token, "token", "COUNTERSEAL_TOKEN");
	if (r == CSEAL_OK)
		r = config_read(c);
	if (r == CSEAL_OK && c->ledger.value == NULL) {
		c->ledger.value =
		    xdg("XDG_DATA_HOME", ".local/share", "/ledger.db");
		if (c->ledger.value == NULL)
			r = cli_error(c, CSEAL_ERR_NOMEM, "", "out of memory");
	}
	return r;
}

void
cli_settings_free(struct cli *c)
{
	free(c->ledger.value);
	free(c->token.value);
	free(c->clipboard.value);
	free(c->osc52.value);
	free(c->roots.value);
	free(c->metadata.value);
	free(c->metadata_root.value);
	free(c->config_path);
	free(c->state_dir);
	cseal_desk_key_free(c->desk_key);
	c->desk_key = NULL;
	c->ledger.value = c->token.value = c->clipboard.value = NULL;
	c->osc52.value = c->roots.value = NULL;
	c->metadata.value = c->metadata_root.value = NULL;
	c->config_path = c->state_dir = NULL;
}
