/* SPDX-License-Identifier: BSD-2-Clause */
#include "policy.h"
#include "trust.h"

#include <string.h>

/* name, function, sandbox, synopsis, about, options, words least and most */
static const struct cli_verb verbs[] = {
	{ "status", cli_status, CLI_SANDBOX_WRITE, "[--forget]",
	    "what waits for you, and the command that comes next",
	    cli_status_options, 0, 0 },
	{ "init", cli_init, CLI_SANDBOX_SEAL,
	    "--org NAME --from OFFER[=ROLE,...]... [--policy FILE] "
	    "[--accept-single-keys] [--roots FILE] [--metadata FILE "
	    "--metadata-root FILE] [--demo] [--continues LEDGER] "
	    "[--sheet FILE]",
	    "make a new ledger from two or more key offers", cli_init_options,
	    0, 0 },
	{ "join", cli_join, CLI_SANDBOX_SEAL, "",
	    "agree to a new ledger, as each of its persons must", NULL, 0, 0 },
	{ "key offer", cli_key_offer, CLI_SANDBOX_SEAL,
	    "--person HANDLE [--org NAME] [--rp-id ID] [--monitor] -o FILE",
	    "enrol a security key and offer it to a ledger",
	    cli_key_offer_options, 0, 0 },
	{ "key list", cli_key_list, CLI_SANDBOX_READ,
	    "[--metadata FILE --metadata-root FILE]",
	    "the ledger's keys, whose they are, which are revoked",
	    cli_key_list_options, 0, 0 },
	{ "key add", cli_key_add, CLI_SANDBOX_SEAL,
	    "--from OFFER [--roots FILE] [--metadata FILE --metadata-root "
	    "FILE]",
	    "ask that an offered key be added", cli_key_add_options, 0, 0 },
	{ "key revoke", cli_key_revoke, CLI_SANDBOX_SEAL,
	    "KEY --reason REASON [--lost-since TIME]",
	    "ask that a key be revoked", cli_key_revoke_options, 1, 1 },
	{ "person list", cli_person_list, CLI_SANDBOX_READ, "",
	    "who is in this ledger, with which roles and keys", NULL, 0, 0 },
	{ "person set", cli_person_set, CLI_SANDBOX_SEAL,
	    "HANDLE ROLE... [--name DISPLAY]",
	    "ask that a person come, or have other roles",
	    cli_person_set_options, 2, 1 + CSEAL_PLACES_MAX },
	{ "person leave", cli_person_leave, CLI_SANDBOX_SEAL, "HANDLE",
	    "ask that a person leave, with all their keys", NULL, 1, 1 },
	{ "policy show", cli_policy_show, CLI_SANDBOX_READ, "[N]",
	    "the rules in force, every one written out", NULL, 0, 1 },
	{ "policy lint", cli_policy_lint, CLI_SANDBOX_READ,
	    "FILE [--accept-single-keys]",
	    "what in a file of rules cannot be met", cli_policy_lint_options, 1,
	    1 },
	{ "policy diff", cli_policy_diff, CLI_SANDBOX_READ, "FILE|N",
	    "what would be different from the rules in force", NULL, 1, 1 },
	{ "policy set", cli_policy_set, CLI_SANDBOX_SEAL,
	    "FILE [--accept-single-keys]", "ask for other rules",
	    cli_policy_set_options, 1, 1 },
	{ "kinds", cli_kinds, CLI_SANDBOX_PURE, "[KIND]",
	    "the kinds of change, their fields and formats", NULL, 0, 1 },
	{ "request", cli_request, CLI_SANDBOX_SEAL,
	    "KIND --store ALIAS|--replaces N [--slot SLOT] [--op OP] "
	    "[--from FILE] [--evidence FILE]... [--callback[=RESULT]] "
	    "[--name-check RESULT] [FIELD=VALUE ...]",
	    "ask for a change", cli_request_options, 0, CLI_ARGUMENTS_MAX },
	{ "approve", cli_approve, CLI_SANDBOX_SEAL,
	    "N [--reenter-from FILE] [--evidence FILE]... [--callback[=RESULT]] "
	    "[--name-check RESULT]",
	    "countersign a change that somebody else asked for",
	    cli_approve_options, 1, 1 },
	{ "reject", cli_reject, CLI_SANDBOX_SEAL, "N --reason REASON",
	    "end a change that somebody else asked for", cli_reject_options, 1,
	    1 },
	{ "withdraw", cli_withdraw, CLI_SANDBOX_SEAL, "N",
	    "take back a change that you asked for", NULL, 1, 1 },
	{ "apply", cli_apply, CLI_SANDBOX_HAND,
	    "N [--clipboard WORD] [--outcome OUTCOME] [--level LEVEL] "
	    "[--read-back-from FILE] [--yes]",
	    "seal that an approved change was entered", cli_apply_options, 1,
	    1 },
	{ "observe", cli_observe, CLI_SANDBOX_SEAL,
	    "--store ALIAS [--slot SLOT] [--from FILE] [--monitor] [--dry-run] "
	    "[FIELD=VALUE ...]",
	    "what a console shows: match, mismatch or drift",
	    cli_observe_options, 0, CLI_ARGUMENTS_MAX },
	{ "gate", cli_gate, CLI_SANDBOX_READ,
	    "N --from FILE [--ledger-id ID] [--max-age DURATION]",
	    "may a program enter this change now, with these values?",
	    cli_gate_options, 1, 1 },
	{ "freeze", cli_freeze, CLI_SANDBOX_SEAL,
	    "--store ALIAS|--key KEY|--all --reason REASON",
	    "stop a store, a key or all stores, at once", cli_freeze_options, 0,
	    0 },
	{ "lift", cli_lift, CLI_SANDBOX_SEAL, "N|--store ALIAS|--key KEY|--all",
	    "ask that a freeze be lifted", cli_lift_options, 0, 1 },
	{ "show", cli_show, CLI_SANDBOX_READ,
	    "N [--full] [--shown] [--evidence NAME -o FILE]",
	    "one change: how it stands and what is missing", cli_show_options,
	    1, 1 },
	{ "list", cli_list, CLI_SANDBOX_READ, "[--status STATUS]",
	    "the changes, a line each", cli_list_options, 0, 0 },
	{ "state", cli_state, CLI_SANDBOX_READ, "[--store ALIAS] [--at TIME]",
	    "what is in force, by store and slot", cli_state_options, 0, 0 },
	{ "log", cli_log, CLI_SANDBOX_READ,
	    "[--change N] [--from INDEX] [--follow]",
	    "the ledger's entries, a line each", cli_log_options, 0, 0 },
	{ "verify", cli_verify, CLI_SANDBOX_WRITE,
	    "[FILE] [--ledger-id ID] [--full] [--panels] [--attestation "
	    "[--roots FILE] [--metadata FILE --metadata-root FILE]] [--sheet "
	    "FILE]",
	    "check every seal and every rule of a ledger", cli_verify_options,
	    0, 1 },
	{ "repair", cli_repair, CLI_SANDBOX_WRITE, "[--yes]",
	    "cut junk off the ledger's end, and keep it", cli_repair_options, 0,
	    0 },
	{ "export", cli_export, CLI_SANDBOX_WRITE,
	    "N --format ssh|fido2-assert -o DIR",
	    "a change's entries for stock tools to check", cli_export_options,
	    1, 1 },
	{ "send", cli_send, CLI_SANDBOX_WRITE, "DIR|FILE [--from N]",
	    "give other desks what they do not have yet", cli_send_options, 1,
	    1 },
	{ "receive", cli_receive, CLI_SANDBOX_WRITE,
	    "DIR|FILE [--ledger-id ID] [--follow]",
	    "take what other desks sent", cli_receive_options, 1, 1 },
	{ "home", cli_home, CLI_SANDBOX_WRITE, "[--here [--force] | --leave]",
	    "which desk appends, and making it this one", cli_home_options, 0,
	    0 },
	{ "backup", cli_backup, CLI_SANDBOX_WRITE,
	    "FILE [--to OFFER|CERT]... [--passphrase-from FILE]",
	    "all that this desk has of the ledger, encrypted",
	    cli_backup_options, 1, 1 },
	{ "restore", cli_restore, CLI_SANDBOX_WRITE,
	    "FILE [--passphrase-from FILE] [--key FILE]",
	    "put the ledger of a backup in its place", cli_restore_options, 1,
	    1 },
	{ "token list", cli_token_list, CLI_SANDBOX_SEAL, "",
	    "the security keys that are inserted", NULL, 0, 0 },
	{ "token info", cli_token_info, CLI_SANDBOX_SEAL, "",
	    "what a security key says of itself", NULL, 0, 0 },
	{ "token wink", cli_token_wink, CLI_SANDBOX_SEAL, "",
	    "make a security key wink, to see which it is", NULL, 0, 0 },
};

const struct cli_verb *
cli_verb_at(size_t i)
{
	return i < sizeof(verbs) / sizeof(verbs[0]) ? &verbs[i] : NULL;
}

const struct cli_verb *
cli_verb_find(const char *name)
{
	const struct cli_verb *v;

	for (size_t i = 0; (v = cli_verb_at(i)) != NULL; i++) {
		if (strcmp(v->name, name) == 0)
			return v;
	}
	return NULL;
}
