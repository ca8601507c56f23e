/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli.h"

#include <string.h>

#define NAMES_MAX  64
#define NAME_BYTES 40

const struct cli_option cli_globals[] = {
	{ "ledger", 0, "LEDGER", false, "the ledger's file" },
	{ "token", 0, "TOKEN", true, "a key's path, or unix:/path" },
	{ "json", 0, NULL, false, "write JSON for programs" },
	{ "help", 'h', NULL, false, "tell how it is used" },
	{ "version", 0, NULL, false, "tell the version" },
	{ "completion", 0, "SHELL", false, NULL },
	{ "synopsis", 0, NULL, false, NULL },
	{ NULL, 0, NULL, false, NULL },
};

struct scan {
	char **argv;
	int argc;
	int at;
	bool words_only; /* "--" was seen */
};

const char *
cli_option_at(const struct cli *c, const char *name, size_t i)
{
	for (size_t k = 0; k < c->n_given; k++) {
		if (strcmp(c->given[k].option->name, name) == 0 && i-- == 0)
			return c->given[k].value;
	}
	return NULL;
}

const char *
cli_option(const struct cli *c, const char *name)
{
	return cli_option_at(c, name, 0);
}

bool
cli_option_given(const struct cli *c, const char *name)
{
	return cli_option(c, name) != NULL;
}

/* Names that a mistyped word is compared with. */
struct names {
	char text[NAMES_MAX][NAME_BYTES];
	const char *list[NAMES_MAX];
	size_t n;
};

static void
add_name(struct names *s, const char *prefix, const char *name, size_t len)
{
	char *text;

	if (s->n == NAMES_MAX)
		return;
	text = s->text[s->n];
	snprintf(text, NAME_BYTES, "%s%.*s", prefix, (int)len, name);
	if (s->n == 0 || strcmp(s->list[s->n - 1], text) != 0)
		s->list[s->n++] = text;
}

/* The near names, or where all of them are listed. */
static int
unknown(
    struct cli *c, const char *word, const char *what, const struct names *s)
{
	struct cseal_buf near;
	const char *of = c->verb != NULL ? c->verb->name : c->group;
	int r;

	cseal_buf_init(&near, 0);
	r = cseal_near(&near, word, s->list, s->n);
	if (r == CSEAL_OK && near.len > 0)
		r = cli_error(c, CSEAL_ERR_USAGE, word,
		    "no such %s; did you mean %s?", what, cseal_buf_str(&near));
	else
		r = cli_error(c, CSEAL_ERR_USAGE, word,
		    "no such %s; `counterseal %s%s--help` lists them", what,
		    of != NULL ? of : "", of != NULL ? " " : "");
	cseal_buf_free(&near);
	return r;
}

static const struct cli_option *
find_in(const struct cli_option *o, const char *name, size_t len)
{
	for (; o != NULL && o->name != NULL; o++) {
		if (len == 1 && o->letter != 0 && name[0] == o->letter)
			return o;
		if (len > 1 && strlen(o->name) == len &&
		    memcmp(o->name, name, len) == 0)
			return o;
	}
	return NULL;
}

static void
add_options(struct names *s, const struct cli_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		if (o->help != NULL)
			add_name(s, "--", o->name, strlen(o->name));
	}
}

static int
unknown_option(struct cli *c, const char *word, size_t len)
{
	struct names s = { .n = 0 };
	char name[NAME_BYTES];

	snprintf(name, sizeof(name), "%.*s", (int)len, word);
	add_options(&s, cli_globals);
	if (c->verb != NULL)
		add_options(&s, c->verb->options);
	return unknown(c, name,
	    c->verb != NULL ? "option" : "option before a command", &s);
}

static int
keep_option(struct cli *c, const char *word, const struct cli_option *o,
    const char *value)
{
	if (!o->repeatable && cli_option_given(c, o->name))
		return cli_error(
		    c, CSEAL_ERR_USAGE, word, "given twice; give it once");
	if (c->n_given == CLI_ARGUMENTS_MAX)
		return cli_error(c, CSEAL_ERR_USAGE, word, "too many options");
	c->given[c->n_given].option = o;
	c->given[c->n_given++].value = value;
	return CSEAL_OK;
}

/* "[=WORD]": what may be left out stands behind a "=" or not at all. */
static bool
is_optional(const struct cli_option *o)
{
	return o->argument != NULL && o->argument[0] == '[';
}

/* "--name", "--name=value", "--name value", "-o value". */
static int
take_option(struct cli *c, struct scan *s, const char *word)
{
	const char *name = word + (word[1] == '-' ? 2 : 1);
	const char *equals = word[1] == '-' ? strchr(name, '=') : NULL;
	size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
	const struct cli_option *o;
	const char *value = "";

	/* "-ledger" and "--o" are neither long nor short. */
	if ((word[1] == '-') != (len > 1))
		return unknown_option(c, word, strcspn(word, "="));
	o = find_in(cli_globals, name, len);
	if (o == NULL && c->verb != NULL)
		o = find_in(c->verb->options, name, len);
	if (o == NULL)
		return unknown_option(c, word, strcspn(word, "="));
	if (o->argument == NULL && equals != NULL)
		return cli_error(c, CSEAL_ERR_USAGE, word, "takes no value");
	if (o->argument != NULL && equals != NULL) {
		value = equals + 1;
	} else if (is_optional(o)) {
		return keep_option(c, word, o, value);
	} else if (o->argument != NULL) {
		if (s->at == s->argc)
			return cli_error(c, CSEAL_ERR_USAGE, word,
			    "needs %s behind it", o->argument);
		value = s->argv[s->at++];
	}
	if (o->argument != NULL && value[0] == '\0')
		return cli_error(
		    c, CSEAL_ERR_USAGE, word, "%s is empty", o->argument);
	return keep_option(c, word, o, value);
}

static bool
is_group(const char *word)
{
	size_t len = strlen(word);
	const struct cli_verb *v;

	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		if (strncmp(v->name, word, len) == 0 && v->name[len] == ' ')
			return true;
	}
	return false;
}

/* First words of all verbs, or the second ones of a group. */
static int
unknown_verb(struct cli *c, const char *word)
{
	size_t len = c->group != NULL ? strlen(c->group) : 0;
	struct names s = { .n = 0 };
	const struct cli_verb *v;

	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		if (len == 0)
			add_name(&s, "", v->name, strcspn(v->name, " "));
		else if (strncmp(v->name, c->group, len) == 0 &&
			 v->name[len] == ' ')
			add_name(&s, "", v->name + len + 1,
			    strlen(v->name + len + 1));
	}
	return unknown(c, word, "command", &s);
}

static int
take_verb(struct cli *c, const char *word)
{
	char name[64];
	int n;

	if (c->group == NULL && is_group(word)) {
		c->group = word;
		return CSEAL_OK;
	}
	n = snprintf(name, sizeof(name), "%s%s%s",
	    c->group != NULL ? c->group : "", c->group != NULL ? " " : "",
	    word);
	if (n > 0 && (size_t)n < sizeof(name))
		c->verb = cli_verb_find(name);
	if (c->verb == NULL)
		return unknown_verb(c, word);
	c->group = NULL;
	return CSEAL_OK;
}

static int
take_word(struct cli *c, const char *word)
{
	if (c->verb == NULL)
		return take_verb(c, word);
	if (c->n_words == CLI_ARGUMENTS_MAX)
		return cli_error(c, CSEAL_ERR_USAGE, word, "too many words");
	c->words[c->n_words++] = word;
	return CSEAL_OK;
}

static int
check_words(struct cli *c)
{
	const struct cli_verb *v = c->verb;

	if (cli_option_given(c, "help") || cli_option_given(c, "version"))
		return CSEAL_OK;
	if (c->group != NULL)
		return cli_error(c, CSEAL_ERR_USAGE, c->group,
		    "is not a whole command; `counterseal %s --help` lists "
		    "what can follow",
		    c->group);
	if (v != NULL && c->n_words < v->min_words)
		return cli_error(c, CSEAL_ERR_USAGE, v->name,
		    "something is missing: counterseal %s %s", v->name,
		    v->synopsis);
	if (v != NULL && c->n_words > v->max_words)
		return cli_error(c, CSEAL_ERR_USAGE, c->words[v->max_words],
		    "one word too many: counterseal %s %s", v->name,
		    v->synopsis);
	return CSEAL_OK;
}

int
cli_options_parse(struct cli *c, int argc, char **argv)
{
	struct scan s = { .argv = argv, .argc = argc, .at = 1 };
	const char *word;
	int r = CSEAL_OK;

	while (r == CSEAL_OK && s.at < argc) {
		word = argv[s.at++];
		if (!s.words_only && strcmp(word, "--") == 0)
			s.words_only = true;
		else if (!s.words_only && word[0] == '-' && word[1] != '\0')
			r = take_option(c, &s, word);
		else
			r = take_word(c, word);
	}
	/* A program gets its JSON for the error too, wherever it asked. */
	c->json = cli_option_given(c, "json");
	for (int i = s.at; r != CSEAL_OK && i < argc; i++)
		c->json = c->json || strcmp(argv[i], "--json") == 0;
	return r == CSEAL_OK ? check_words(c) : r;
}
