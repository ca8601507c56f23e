/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command: what every verb has in its hands. A verb is one function in
 * one file and one row of the table in verbs.c; usage, the man page's synopsis
 * and the shell's completion come from that table.
 *
 * Unless told otherwise a function here returns CSEAL_OK or CSEAL_ERR_* and
 * has then filled c->err; a verb returns an exit status, for a failure by
 * `return cli_fail(c, r);`.
 */

#ifndef COUNTERSEAL_CLI_H
#define COUNTERSEAL_CLI_H

#include <stdarg.h>
#include <stdio.h>

#include <jansson.h>

#include "counterseal.h"

/* Exit statuses. */
enum cli_exit {
	CLI_DONE = 0,  /* done, true, valid */
	CLI_NO = 1,    /* a clear no: refused, not approved, a finding */
	CLI_USAGE = 2, /* usage or bad input */
	CLI_TOKEN = 3, /* the security key */
	CLI_FILE = 4,  /* a ledger or file that cannot be read or written */
};

/* Where a setting comes from. */
enum cli_source {
	CLI_FROM_DEFAULT,
	CLI_FROM_OPTION,
	CLI_FROM_ENVIRONMENT,
	CLI_FROM_CONFIG,
};

struct cli_setting {
	char *value; /* owned; NULL if it is not set */
	enum cli_source source;
};

#define CLI_ARGUMENTS_MAX 128 /* words and option values of one run */

struct cli_option {
	const char *name;     /* without dashes; NULL ends the list */
	char letter;	      /* "-o" as well; 0 if there is none */
	const char *argument; /* name of the argument; NULL for a flag */
	bool repeatable;
	const char *help; /* one line; NULL hides the option */
};

/* What a verb needs of the system, for a sandbox. */
enum cli_sandbox {
	CLI_SANDBOX_PURE,  /* writes to its streams alone */
	CLI_SANDBOX_READ,  /* reads a ledger, remembers it */
	CLI_SANDBOX_WRITE, /* reads a ledger, writes files, runs hooks */
	CLI_SANDBOX_SEAL,  /* and speaks to a security key */
	CLI_SANDBOX_HAND,  /* and runs a clipboard's programs */
};

/* Entries that the user's hooks are to be told of; see hooks.c. All owned. */
struct cli_hooks {
	json_t *waiting;  /* lines, oldest first; NULL: none */
	unsigned dropped; /* more than could wait */
	json_t *troubles; /* --json: what went wrong, for the answer; or NULL */
	json_t *late;	  /* names of those that ran out of time; or NULL */
	unsigned seconds; /* that each may take; 0: as long as is usual */
};

struct cli;

struct cli_verb {
	const char *name;	   /* "show", "key offer" */
	int (*run)(struct cli *c); /* gives the exit status */
	enum cli_sandbox sandbox;
	const char *synopsis;		  /* what follows the name */
	const char *about;		  /* one line */
	const struct cli_option *options; /* NULL: the global ones alone */
	size_t min_words;		  /* words behind the name */
	size_t max_words;
};

struct cli_given {
	const struct cli_option *option;
	const char *value; /* "" for a flag */
};

/* One run of the command. */
struct cli {
	const struct cli_verb *verb;
	const char *words[CLI_ARGUMENTS_MAX]; /* behind the verb's name */
	size_t n_words;
	struct cli_given given[CLI_ARGUMENTS_MAX]; /* options, global too */
	size_t n_given;
	const char *group; /* "key", when no verb of it was named */
	bool json;
	struct cli_setting ledger;    /* never NULL once settings are read */
	struct cli_setting token;     /* "A,B"; NULL: what is inserted */
	struct cli_setting clipboard; /* a word; NULL: what there is */
	struct cli_setting osc52;     /* "allowed", "refused"; NULL */
	struct cli_setting roots, metadata, metadata_root; /* paths; NULL */
	char *config_path; /* owned; of config.ini, there or not */
	char *state_dir;   /* owned; made by those who write to it */
	int tty;	   /* the terminal, -1 if there is none */
	int signals;	   /* signalfd while signals are held, or -1 */
	int broken;	   /* errno by which standard output failed, else 0 */
	bool bar;	   /* a line of progress is on the terminal */
	int failed_as;	   /* exit status of a failure; 0: the code's own */
	struct cseal_desk_key *desk_key; /* owned; see cli_desk_open() */
	char machine[64];
	struct cli_hooks hooks;
	struct cseal_error err;
};

/* ---- verbs.c: the table ---- */

/* Rows in the order of the help; NULL behind the last. */
const struct cli_verb *cli_verb_at(size_t i);
/* A row by its whole name; NULL if there is none. */
const struct cli_verb *cli_verb_find(const char *name);

/* ---- options.c ---- */

/*
 * Reads the command line into `c`. CSEAL_ERR_USAGE: an unknown verb or option
 * (with the near ones), a repeated option, a missing argument, too few or too
 * many words. c->verb stays NULL when no command is given.
 */
int cli_options_parse(struct cli *c, int argc, char **argv);

/* The i-th value of the verb's option, NULL behind the last; flags give "". */
const char *cli_option_at(const struct cli *c, const char *name, size_t i);
/* The only value, or NULL; of a global option too. */
const char *cli_option(const struct cli *c, const char *name);
bool cli_option_given(const struct cli *c, const char *name);

/* ---- usage.c ---- */

/* The whole command, c->group, or c->verb, to standard output. */
void cli_usage(struct cli *c);
/* "counterseal show N [--full]" for each verb, for the man page. */
void cli_synopsis(struct cli *c);

/* ---- completion.c ---- */

/* The completion of a shell ("bash"), made from the table. */
int cli_completion(struct cli *c, const char *shell);

/* ---- settings.c ---- */

/*
 * Finds ledger and token: option, environment, config, default. Refuses a
 * config.ini that somebody else could have written.
 */
int cli_settings_read(struct cli *c);
void cli_settings_free(struct cli *c);
/* "option", "environment", "config", "default". */
const char *cli_source_name(enum cli_source s);

/* Is it a kind of clipboard? CSEAL_ERR_USAGE lists them; clipboard.c. */
int cli_clipboard_word(struct cli *c, const char *where, const char *word);

/* Makes the folder (and those above it) with mode 0700. */
int cli_folder_make(struct cli *c, const char *path);

/*
 * Who is at this desk: the file `person` of the state folder, written by
 * `key offer`. CSEAL_ERR_NOT_FOUND (c->err is not for printing then).
 */
int cli_person_read(struct cli *c, char handle[CSEAL_HANDLE_BYTES]);
int cli_person_write(struct cli *c, const char *handle);

/*
 * The key of this desk: the file `desk.key` of the state folder. With `make`
 * it is made if there is none, else that is CSEAL_ERR_NOT_FOUND.
 */
int cli_desk_key(struct cli *c, bool make, struct cseal_desk_key **out);

/* ---- output.c ---- */

/*
 * Tells c->err on standard error, `counterseal: WHERE: WHAT`, and with --json
 * as an object on standard output too. Returns the exit status of `r`; if
 * c->err is not of code `r`, the code's own sentence is told.
 */
int cli_fail(struct cli *c, int r);
/* The same with an exit status of the caller's, where the code alone does
 * not tell: a ledger that is not there is CLI_FILE, a token is CLI_TOKEN. */
int cli_fail_as(struct cli *c, int r, int status);
/* c->err from here: return cli_error(c, CSEAL_ERR_USAGE, "--from", "..."); */
int cli_error(struct cli *c, int code, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The exit status that belongs to a code of CSEAL_ERR_*. */
int cli_status_of(int r);
/* The stable word for a code in --json: "not-found", "refused" ... */
const char *cli_code_word(int r);

/*
 * Text for people: line feeds stay, everything else passes the filter. `say`
 * writes results to standard output; `note` writes what is not a result to
 * the terminal, or to standard error if there is none; `warn` writes
 * "counterseal: ..." and a line feed to standard error, in lines of its width
 * if that is a terminal.
 */
void cli_say(struct cli *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void cli_note(struct cli *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* A place and what is said of it, in lines; `mark` stands before the first. */
void cli_note_place(
    struct cli *c, const char *mark, const char *where, const char *what);
/* What c->err says, between the questions at a terminal. */
void cli_note_error(struct cli *c);
void cli_warn(struct cli *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Text that is filtered already (a panel, a report), as it is. */
void cli_put(struct cli *c, const char *text);

/* Columns of the terminal (80 if it does not tell); 0: it is none. */
size_t cli_columns_of(int fd);
/* Text in lines of so many columns, broken between words; appended. */
int cli_wrap(struct cseal_buf *out, const char *text, size_t columns);

/*
 * A table of text, `n` cells in rows of `columns`, each column as wide as its
 * widest cell and two spaces between; `indent` spaces before. Cells pass the
 * filter; NULL is "". Nothing is printed behind a row's last filled cell.
 */
void cli_columns(struct cli *c, unsigned indent, size_t columns,
    const char *const *cells, size_t n);

/* First of all: what JSON took of memory is wiped when it is freed. */
void cli_json_begin(void);
/* Prints one object on one line; the reference is taken over. NULL is out of
 * memory. Returns the exit status: CLI_DONE, or CLI_FILE. */
int cli_json(struct cli *c, json_t *object);
/* JSON values; bytes that are no UTF-8 pass the filter first. */
json_t *cli_json_text(struct cseal_slice s);
json_t *cli_json_time(uint64_t t);
json_t *cli_json_hex(const uint8_t *p, size_t n);
json_t *cli_json_head(const struct cseal_head *h); /* {size, root} */

/* Milliseconds of the clock that nobody sets. */
uint64_t cli_now_ms(void);

/* "2026-11-23 14:10 UTC", for people. */
#define CLI_TIME_BYTES 32
void cli_time(uint64_t t, char out[CLI_TIME_BYTES]);
/* ---- time.c ---- */

/* "2026-11-23T14:10:00Z", the seconds may be left out, as Unix seconds. */
int cli_time_parse(
    struct cli *c, const char *where, const char *text, uint64_t *out);

/* ---- output.c, json.c: the rest ---- */

/*
 * For struct cseal_replay_options: "verified 12,000 of 100,000" on the
 * terminal, with c as ctx. cli_progress_end() takes the line away.
 */
void cli_progress(void *ctx, uint64_t done, uint64_t total);
void cli_progress_end(struct cli *c);

/* ---- terminal.c, signals.c ---- */

/*
 * While signals are held, SIGINT, SIGTERM, SIGHUP and SIGTSTP wait; prompts
 * look for them and return CSEAL_ERR_CANCELLED. cli_signals_release() lets
 * them come, so that the process dies by them. Held twice is held once.
 */
int cli_signals_hold(struct cli *c);
bool cli_signals_pending(const struct cli *c);
void cli_signals_release(struct cli *c);
/*
 * A moment, before looking again whether a key was plugged in. Holds signals;
 * CSEAL_ERR_CANCELLED when one has come.
 */
int cli_pause(struct cli *c);

/* Opens /dev/tty into c->tty, once; false if there is no terminal. */
bool cli_terminal(struct cli *c);

/*
 * Asks on the terminal and reads one line (without its line feed), appended
 * to `out`. `echo` false: what is typed is not shown. CSEAL_ERR_USAGE without
 * a terminal, CSEAL_ERR_CANCELLED by a signal or at the end of input.
 */
int cli_ask(
    struct cli *c, const char *prompt, bool echo, struct cseal_buf *out);
/*
 * The passphrase of a backup, from --passphrase-from or typed unseen (twice,
 * to make one); appended.
 */
int cli_passphrase(struct cli *c, bool twice, struct cseal_buf *out);
/* Asks "... [y/N]" on the terminal; nothing typed is no. */
int cli_ask_yes(struct cli *c, const char *question, bool *yes);
/* The same, but CSEAL_ERR_CANCELLED for no. */
int cli_confirm(struct cli *c, const char *question);

/* ---- plain.c ---- */

/*
 * Sets a value that was typed on the terminal. If nothing but its width is
 * wrong, its plain form is shown, and taken if the person says so.
 */
int cli_change_type(struct cli *c, struct cseal_change *ch, const char *name,
    const char *label, const struct cseal_buf *typed);

/* ---- desk.c: the ledger ---- */

/* Opens the ledger of the settings and verifies what is new in it. */
int cli_desk_open(struct cli *c, bool write, struct cseal_desk **out);
/* One that was made just now: it is not compared with what is remembered. */
int cli_desk_open_new(struct cli *c, struct cseal_desk **out);
/* The machine's name among others, /etc/machine-id; "" if it has none. */
const char *cli_machine(struct cli *c);
/*
 * The ledger that --ledger-id names. CSEAL_ERR_NOT_FOUND if it is not given
 * (c->err is not for printing then).
 */
int cli_ledger_id(struct cli *c, uint8_t out[CSEAL_HASH_BYTES]);
/* Makes the folder of the ledger, if that is the default place. */
int cli_ledger_folder(struct cli *c);
/* The change that a word names. */
int cli_change_find(struct cli *c, const struct cseal_state *s,
    const char *word, const struct cseal_state_change **out);

/* ---- watch.c: what --follow waits for ---- */

/*
 * A descriptor that tells of files that are put into the folder; with
 * `written` of every write to a file there. *fd is to be closed, -1 for none.
 */
int cli_watch(struct cli *c, const char *folder, bool written, int *fd);
/* Until something moved, a signal came, or two seconds passed. */
void cli_watch_wait(struct cli *c, int fd);
/* Hands out what was written; is that the end, by a signal or its reader? */
bool cli_watch_ended(struct cli *c);

/* ---- notice.c, hooks.c: who is told of new entries ---- */

/*
 * Entry `index` was appended here, or came from the home: it waits for the
 * hooks. Nothing that goes wrong stops anything.
 */
void cli_hooks_add(struct cli *c, struct cseal_desk *d, uint64_t index);
/*
 * Runs the hooks for what waits. What goes wrong is told on standard error,
 * with --json as "hooks" of the next object; cli_json() does this first.
 */
void cli_hooks_run(struct cli *c);
/* At the end: whatever was not told yet. */
void cli_hooks_end(struct cli *c);

/* ---- memory.c: what this desk remembers ---- */

/*
 * The folder to remember that ledger in, made if need be; NULL if the ledger
 * is not there or, which is told, the folder cannot be made.
 */
const char *cli_memory_folder(struct cli *c, const char *ledger);
/* Remembers that the ledger of the settings was just founded. */
void cli_memory_pin(struct cli *c);
/* Tells what the memory has to say, with c as ctx. */
void cli_notice(void *ctx, const char *where, const char *what);

/* ---- touch.c: how a security key asks ---- */

/* Told while a key waits: "Touch your key (lin) to ask for this change." */
struct cli_touch {
	struct cli *c;
	const char *who; /* borrowed */
	const char *why; /* "to ask for this change"; borrowed */
	int shown;	 /* seconds left that the line shows, -1 if none */
	int retries;	 /* left when the PIN was asked for last, or -1 */
	bool mute;	 /* a PIN was asked for, and there is no terminal */
	struct cseal_prompt prompt; /* for cseal_token_open() */
};
void cli_touch_init(struct cli_touch *t, struct cli *c);

/*
 * Waits, and counts down on the terminal. CSEAL_ERR_CANCELLED when a signal
 * came.
 */
int cli_hold(struct cli *c, uint64_t seconds);

/* Hands `r` on, and makes a failure's exit status CLI_TOKEN. */
int cli_token_fail(struct cli *c, const struct cli_touch *t, int r);

/* ---- inserted.c: the keys that are there ---- */

#define CLI_TOKENS_MAX 16

/*
 * Those of the settings (a path alone, there or not), or all that are
 * inserted.
 */
int cli_tokens(
    struct cli *c, struct cseal_token_entry out[CLI_TOKENS_MAX], size_t *n);

/* Opens the only one of these. The touch must outlive the token. */
int cli_token_open(
    struct cli *c, struct cli_touch *t, struct cseal_token **out);
/* The same; a person at the terminal is given the time to insert it. */
int cli_token_await(
    struct cli *c, struct cli_touch *t, struct cseal_token **out);

/* ---- choose.c, sealing.c: one act, one touch ---- */

/* A credential that could seal, and whose it is. All borrowed. */
struct cli_candidate {
	struct cseal_slice credential;
	const char *rp_id;
	uint64_t number; /* of the key in the ledger */
	const char *handle;
};

/* A token with the key that is to seal. Must not move: `touch` is in it. */
struct cli_key {
	struct cli_touch touch;
	struct cseal_token *token;
	uint64_t number;
	char handle[CSEAL_HANDLE_BYTES]; /* of its person */
	bool silent; /* a monitor's: it seals without a touch */
	uint64_t
	    on_screen; /* seconds that the panel stays before it is asked */
};

/*
 * Which key is to seal: of the tokens of the settings, or of those inserted,
 * the one that holds an unrevoked key of this ledger, the desk's own person's
 * first. On a terminal it is waited for until it is inserted; without one,
 * CSEAL_ERR_TOKEN says whose is expected.
 */
int cli_key_choose(struct cli *c, struct cseal_desk *d, struct cli_key *k);
/* The same among the monitors' keys: it will seal without a touch. */
int cli_key_choose_monitor(
    struct cli *c, struct cseal_desk *d, struct cli_key *k);
/* The same among `n` candidates. */
int cli_key_choose_of(struct cli *c, const struct cli_candidate *cands,
    size_t n, struct cli_key *k);
void cli_key_free(struct cli_key *k);

/* Shows the draft's panel and waits for the touch that seals it. */
int cli_seal_draft(struct cli *c, const struct cseal_draft *p,
    struct cli_key *k, const char *why, struct cseal_assertion *out);
/* The same, and appends. The index of the entry into *index. */
int cli_seal(struct cli *c, struct cseal_desk *d, const struct cseal_draft *p,
    struct cli_key *k, const char *why, uint64_t *index);

/* ---- act.c: what every act about a change goes through ---- */

struct cli_act {
	const char *name;	   /* "approve" */
	const char *why;	   /* "to approve this change" */
	const char *done;	   /* "approved by" */
	const char *replaces;	   /* name of what it stands for, or NULL */
	struct cseal_desk *desk;   /* owned */
	struct cseal_draft *draft; /* owned */
	struct cli_key key;
	struct cseal_notes notes;
	json_t *more; /* owned; keys of its own for --json, or NULL */
	const struct cseal_state_change *change; /* borrowed */
};

/* Opens the ledger, finds the change (NULL: none yet) and the key. */
int cli_act_begin(struct cli *c, struct cli_act *a, const char *word);
/*
 * Tells that what was sealed is kept for the home; for an index that is
 * CSEAL_INDEX_NONE.
 */
int cli_act_kept(struct cli *c, const struct cli_act *a);
/* Seals a->draft, appends it, tells what came of it. */
int cli_act_seal(struct cli *c, struct cli_act *a);
/* Frees everything; the exit status of `r`. */
int cli_act_end(struct cli *c, struct cli_act *a, int r);

/* ---- change.c ---- */

/* Values from the lines of a file, or of standard input ("-"). */
int cli_change_lines(struct cli *c, struct cseal_change *ch, const char *path);
/* A change of the ledger, not closed, as far as its values are here. */
int cli_change_load(struct cli *c, struct cseal_desk *d,
    const struct cseal_state_change *h, struct cseal_change *ch);
/* Tells what is to be noted of the values, and keeps it in `a` for --json. */
void cli_act_notes(
    struct cli *c, struct cli_act *a, const struct cseal_change *ch);

/*
 * Has an approver re-enter what the policy wants, from --reenter-from or on
 * the terminal, and compares it. `typed->kind` stays NULL if nothing was
 * typed. CSEAL_ERR_REFUSED: it differs, and no try is left (reentry.h), or it
 * came from a file.
 */
int cli_reenter(
    struct cli *c, const struct cli_act *a, struct cseal_change *typed);

/* The option's word as the number it has in the table. */
int cli_word_option(struct cli *c, const char *option,
    const struct cseal_word *t, uint64_t *out);

/* Is there nothing at the path, and can a file be made there? */
int cli_file_new(struct cli *c, const char *path);
/*
 * Writes the sheet about a ledger: text in 80 columns, one page for up to ten
 * persons with two keys each.
 */
int cli_sheet_write(
    struct cli *c, const struct cseal_state *s, const char *path);

/* The number of a key of the ledger, as lists print it; key.c. */
int cli_key_number(struct cli *c, const char *word, uint64_t *out);
/* Reads a key offer; errors name the file. */
int cli_offer_read(struct cli *c, const char *path, struct cseal_offer *out);

/* "lin, mina or petr" of a list; appended. */
int cli_list_names(struct cseal_buf *out, const char *const *names, size_t n);

/* ---- the verbs that seal ---- */

int cli_init(struct cli *c);
int cli_join(struct cli *c);
int cli_key_offer(struct cli *c);
int cli_key_list(struct cli *c);
int cli_key_add(struct cli *c);
int cli_key_revoke(struct cli *c);
int cli_request(struct cli *c);
int cli_approve(struct cli *c);
int cli_reject(struct cli *c);
int cli_withdraw(struct cli *c);
int cli_apply(struct cli *c);
int cli_observe(struct cli *c);
int cli_freeze(struct cli *c);
int cli_person_list(struct cli *c);
int cli_person_set(struct cli *c);
int cli_person_leave(struct cli *c);
int cli_lift(struct cli *c);
int cli_token_list(struct cli *c);
int cli_token_info(struct cli *c);
int cli_token_wink(struct cli *c);

extern const struct cli_option cli_globals[];
extern const struct cli_option cli_init_options[];
extern const struct cli_option cli_key_offer_options[];
extern const struct cli_option cli_key_revoke_options[];
extern const struct cli_option cli_request_options[];
extern const struct cli_option cli_approve_options[];
extern const struct cli_option cli_reject_options[];
extern const struct cli_option cli_apply_options[];
extern const struct cli_option cli_observe_options[];
extern const struct cli_option cli_freeze_options[];
extern const struct cli_option cli_person_set_options[];
extern const struct cli_option cli_lift_options[];

/* ---- the verbs that read ---- */

int cli_show(struct cli *c);
int cli_list(struct cli *c);
int cli_gate(struct cli *c);
int cli_state(struct cli *c);
int cli_send(struct cli *c);
int cli_receive(struct cli *c);
int cli_home(struct cli *c);
int cli_backup(struct cli *c);
int cli_restore(struct cli *c);
int cli_log(struct cli *c);
int cli_verify(struct cli *c);
int cli_repair(struct cli *c);
int cli_export(struct cli *c);
int cli_status(struct cli *c); /* also without a command */
int cli_kinds(struct cli *c);

extern const struct cli_option cli_status_options[];
extern const struct cli_option cli_show_options[];
extern const struct cli_option cli_list_options[];
extern const struct cli_option cli_gate_options[];
extern const struct cli_option cli_send_options[];
extern const struct cli_option cli_receive_options[];
extern const struct cli_option cli_home_options[];
extern const struct cli_option cli_backup_options[];
extern const struct cli_option cli_restore_options[];
extern const struct cli_option cli_state_options[];
extern const struct cli_option cli_log_options[];
extern const struct cli_option cli_verify_options[];
extern const struct cli_option cli_repair_options[];
extern const struct cli_option cli_export_options[];

#endif
