/* SPDX-License-Identifier: BSD-2-Clause */
/* init: what is told before the touch, and of the ledger that was made. */

#include "init.h"

#include <string.h>

static bool
is_of(const struct cseal_offer *o, const struct cseal_offer *p)
{
	return o->key.handle.len == p->key.handle.len &&
	       memcmp(o->key.handle.data, p->key.handle.data,
		   p->key.handle.len) == 0;
}

static size_t
count_keys(const struct founding *f, const struct cseal_offer *of)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_offers; i++)
		n += is_of(&f->offers[i], of) ? 1 : 0;
	return n;
}

int
init_warn(struct founding *f)
{
	json_t *persons = json_array();
	struct cseal_buf names, text;
	size_t n = 0;

	cseal_buf_init(&names, 0);
	cseal_buf_init(&text, 0);
	f->warnings = json_array();
	for (size_t i = 0; i < f->n_offers; i++) {
		const struct cseal_slice h = f->offers[i].key.handle;

		if (count_keys(f, &f->offers[i]) != 1)
			continue;
		(void)cseal_buf_printf(&names, "%s%.*s", n++ > 0 ? ", " : "",
		    (int)h.len, (const char *)h.data);
		json_array_append_new(
		    persons, json_stringn((const char *)h.data, h.len));
	}
	(void)cseal_buf_printf(&text,
	    "one key alone, and none to go on with if it is lost: %s. Let "
	    "each of them make a second `counterseal key offer`, for another "
	    "--from here or for `key add` later",
	    cseal_buf_str(&names));
	if (n > 0) {
		cli_warn(f->c, "%s", cseal_buf_str(&text));
		json_array_append_new(f->warnings,
		    json_pack("{s:s, s:O, s:s}", "code", "one-key", "persons",
			persons, "sentence", cseal_buf_str(&text)));
	}
	json_decref(persons);
	cseal_buf_free(&text);
	cseal_buf_free(&names);
	return CSEAL_OK;
}

static int
tell_json(const struct founding *f, const struct cseal_state *s,
    const char *spoken, const char *sheet)
{
	const struct cseal_head head = cseal_state_head(s);
	const struct cseal_state_person *p;
	struct cli *c = f->c;
	json_t *persons = json_array();
	json_t *waiting = json_array();
	json_t *o;

	for (size_t i = 0; (p = cseal_state_person(s, i)) != NULL; i++) {
		json_array_append_new(persons, json_string(p->handle));
		if (!p->joined)
			json_array_append_new(waiting, json_string(p->handle));
	}
	o = json_pack("{s:s, s:i, s:s, s:s, s:b, s:o, s:o}", "act", "init",
	    "index", 0, "path", c->ledger.value, "fingerprint", spoken, "demo",
	    cseal_state_demo(s), "persons", persons, "waiting", waiting);
	json_object_set_new(o, "ledger",
	    cli_json_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES));
	json_object_set_new(o, "org", cli_json_text(cseal_state_org(s)));
	json_object_set_new(o, "head", cli_json_head(&head));
	json_object_set(o, "warnings", f->warnings);
	json_object_set_new(o, "continues",
	    f->continues ? cli_json_hex(f->predecessor.ledger, CSEAL_HASH_BYTES)
			 : json_null());
	if (cli_option_given(c, "sheet"))
		json_object_set_new(o, "sheet",
		    sheet != NULL ? json_string(sheet) : json_null());
	return cli_json(c, o);
}

static int
tell_text(struct cli *c, const struct cseal_state *s, const char *spoken,
    const char *sheet)
{
	char id[2 * CSEAL_HASH_BYTES + 1];
	const struct cseal_state_person *p;

	cseal_hex(cseal_state_ledger_id(s), CSEAL_HASH_BYTES, id);
	cli_say(c, "A new ledger: %s\n", c->ledger.value);
	cli_say(c, "id           %s\n", id);
	cli_say(c, "fingerprint  %s   (read it to each other)\n", spoken);
	if (cseal_state_demo(s))
		cli_say(c, "A demonstration: software keys prove nothing.\n");
	cli_say(c, "It opens when these have joined it, by `counterseal "
		   "join`:");
	for (size_t i = 0; (p = cseal_state_person(s, i)) != NULL; i++) {
		if (!p->joined)
			cli_say(c, " %s", p->handle);
	}
	cli_say(c, "\n");
	if (sheet != NULL)
		cli_say(
		    c, "%s: to be printed, signed by two, and filed.\n", sheet);
	return CLI_DONE;
}

int
init_tell(struct founding *f)
{
	const char *sheet = cli_option(f->c, "sheet");
	char spoken[CSEAL_FINGERPRINT_BYTES];
	const struct cseal_state *s;
	struct cli *c = f->c;
	struct cseal_desk *d;
	int status, r;

	r = cli_desk_open(c, false, &d);
	if (r != CSEAL_OK)
		return cli_fail(c, r);
	cli_hooks_add(c, d, 0);
	s = cseal_desk_state(d);
	cseal_fingerprint(cseal_state_ledger_id(s), spoken);
	if (sheet != NULL && cli_sheet_write(c, s, sheet) != CSEAL_OK) {
		cli_warn(c,
		    "%s: %s. The ledger is founded; `counterseal verify "
		    "--sheet FILE` writes its sheet",
		    c->err.where, c->err.what);
		sheet = NULL;
	}
	status = c->json ? tell_json(f, s, spoken, sheet)
			 : tell_text(c, s, spoken, sheet);
	cseal_desk_close(d);
	if (status == CLI_DONE && cli_option_given(c, "sheet") && sheet == NULL)
		status = CLI_FILE;
	return status;
}
