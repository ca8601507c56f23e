/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every record of the format, member by member. The rows are read by the
 * encoder and by the parser (schema.c), and stand in the order of their keys.
 */

#include "records.h"

#include "counterseal/statement.h"

#include "schema_rows.h"

#define HASH CSEAL_HASH_BYTES

/* Structs that stand in lists only. */
struct bare_text {
	struct cseal_slice text;
};
_Static_assert(sizeof(struct bare_text) == sizeof(struct cseal_slice),
    "a list of texts is a list of slices");

static const struct schema_member handle_rows[] = {
	ROW(0, "handle", SCHEMA_HANDLE, bare_text, text, 1, 32),
};
static const struct schema record_handle = { .name = "handle",
	SCHEMA(SCHEMA_BARE, bare_text, handle_rows) };

static const struct schema_member name_rows[] = {
	ROW(0, "name", SCHEMA_TEXT, bare_text, text, 1, 32),
};
static const struct schema record_name = { .name = "name",
	SCHEMA(SCHEMA_BARE, bare_text, name_rows) };

static const struct schema_member head_rows[] = {
	ROW(0, "size", SCHEMA_UINT, cseal_head, size, 0, UINT64_MAX),
	ROW(0, "root", SCHEMA_FIXED, cseal_head, root, 0, HASH),
};
const struct schema record_head = { .name = "head",
	SCHEMA(SCHEMA_ARRAY, cseal_head, head_rows) };

static const struct schema_member seal_rows[] = {
	ROW(0, "auth-data", SCHEMA_BYTES, cseal_seal, auth_data, 37, 1024),
	ROW(0, "client-data", SCHEMA_BYTES, cseal_seal, client_data, 1, 2048),
	ROW(0, "signature", SCHEMA_BYTES, cseal_seal, signature, 1, 1024),
};
static const struct schema record_seal = { .name = "seal",
	SCHEMA(SCHEMA_ARRAY, cseal_seal, seal_rows) };

static const struct schema_member entry_rows[] = {
	ROW(0, "statement", SCHEMA_BYTES, cseal_entry, statement, 1, 65535),
	ROW(0, "auth-data", SCHEMA_BYTES, cseal_entry, seal.auth_data, 37,
	    1024),
	ROW(0, "client-data", SCHEMA_BYTES, cseal_entry, seal.client_data, 1,
	    2048),
	ROW(0, "signature", SCHEMA_BYTES, cseal_entry, seal.signature, 1, 1024),
};
const struct schema record_entry = { .name = "entry",
	SCHEMA(SCHEMA_ARRAY, cseal_entry, entry_rows) };

static const struct schema_member person_rows[] = {
	ROW(0, "handle", SCHEMA_HANDLE, cseal_person, handle, 1, 32),
	ROW_LIST(0, "roles", SCHEMA_LIST, cseal_person, roles, n_roles, 1,
	    CSEAL_ROLES_MAX, &record_handle),
};
static const struct schema record_person = { .name = "person",
	SCHEMA(SCHEMA_ARRAY, cseal_person, person_rows) };

static const struct schema_member verdict_rows[] = {
	ROW_WORD(0, "level", cseal_verdict, level, 0, CSEAL_VERDICT_LISTED),
	ROW_MAYBE(0, "roots", SCHEMA_NULL, SCHEMA_FIXED, cseal_verdict, roots,
	    has_roots, 0, HASH, NULL),
	ROW_MAYBE(0, "metadata", SCHEMA_NULL, SCHEMA_FIXED, cseal_verdict,
	    metadata, has_metadata, 0, HASH, NULL),
	ROW(0, "evaluated", SCHEMA_UINT, cseal_verdict, evaluated, 0,
	    UINT64_MAX),
};
static const struct schema record_verdict = { .name = "verdict",
	SCHEMA(SCHEMA_ARRAY, cseal_verdict, verdict_rows) };

#define KEY_ROWS_BEFORE                                                        \
	ROW(1, "handle", SCHEMA_HANDLE, cseal_key, handle, 1, 32),             \
	    ROW(2, "attestation-object", SCHEMA_BYTES, cseal_key, attestation, \
		1, 16384),                                                     \
	    ROW(3, "client-data", SCHEMA_BYTES, cseal_key, client_data, 1,     \
		2048)
#define KEY_ROWS_AFTER                                                        \
	ROW_MAYBE(6, "rp-id", SCHEMA_OPTIONAL, SCHEMA_TEXT, cseal_key, rp_id, \
	    has_rp_id, 1, 253, NULL),                                         \
	    ROW(7, "nonce", SCHEMA_FIXED, cseal_key, nonce, 0,                \
		CSEAL_NONCE_BYTES),                                           \
	    { .name = "monitor",                                              \
		    .key = 8,                                                 \
		    .type = SCHEMA_TRUE,                                      \
		    .presence = SCHEMA_OPTIONAL,                              \
		    .offset = offsetof(struct cseal_key, monitor),            \
		    .flag = SCHEMA_FLAG_NONE },                               \
	    ROW_MAYBE(9, "desk", SCHEMA_OPTIONAL, SCHEMA_FIXED, cseal_key,    \
		desk, has_desk, 0, CSEAL_DESK_KEY_BYTES, NULL)

static const struct schema_member key_rows[] = {
	KEY_ROWS_BEFORE,
	ROW_SUB(4, "possession", cseal_key, possession, &record_seal),
	ROW_SUB(5, "verdict", cseal_key, verdict, &record_verdict),
	KEY_ROWS_AFTER,
};
const struct schema record_key = { .name = "key",
	SCHEMA(SCHEMA_MAP, cseal_key, key_rows) };

static const struct schema_member key_core_rows[] = {
	KEY_ROWS_BEFORE,
	KEY_ROWS_AFTER,
};
const struct schema record_key_core = { .name = "key",
	SCHEMA(SCHEMA_MAP, cseal_key, key_core_rows) };

static const struct schema_member policy_rows[] = {
	ROW_WORD(0, "language", cseal_policy_text, language, 1, 1),
	ROW(0, "text", SCHEMA_PROSE, cseal_policy_text, text, 1,
	    CSEAL_POLICY_MAX),
};
const struct schema record_policy = { .name = "policy",
	SCHEMA(SCHEMA_ARRAY, cseal_policy_text, policy_rows) };

static const struct schema_member predecessor_rows[] = {
	ROW(0, "ledger-id", SCHEMA_FIXED, cseal_predecessor, ledger, 0, HASH),
	ROW(0, "size", SCHEMA_UINT, cseal_predecessor, head.size, 1,
	    UINT64_MAX),
	ROW(0, "root", SCHEMA_FIXED, cseal_predecessor, head.root, 0, HASH),
};
static const struct schema record_predecessor = { .name = "predecessor",
	SCHEMA(SCHEMA_ARRAY, cseal_predecessor, predecessor_rows) };

static const struct schema_member genesis_rows[] = {
	ROW(1, "org", SCHEMA_TEXT, cseal_genesis, org, 1, 200),
	ROW(2, "rp-id", SCHEMA_TEXT, cseal_genesis, rp_id, 1, 253),
	ROW_LIST(3, "persons", SCHEMA_LIST, cseal_genesis, persons, n_persons,
	    1, CSEAL_PERSONS_MAX, &record_person),
	ROW_LIST(4, "keys", SCHEMA_LIST, cseal_genesis, keys, n_keys, 1,
	    CSEAL_PERSONS_MAX, &record_key),
	ROW_SUB(5, "policy", cseal_genesis, policy, &record_policy),
	ROW_MAYBE(6, "log-key", SCHEMA_NULL, SCHEMA_FIXED, cseal_genesis,
	    log_key, has_log_key, 0, HASH, NULL),
	ROW(7, "demo", SCHEMA_BOOL, cseal_genesis, demo, 0, 0),
	ROW(8, "nonce", SCHEMA_FIXED, cseal_genesis, nonce, 0,
	    CSEAL_NONCE_BYTES),
	ROW_MAYBE(9, "predecessor", SCHEMA_OPTIONAL, SCHEMA_SUB, cseal_genesis,
	    predecessor, has_predecessor, 0, 0, &record_predecessor),
};
static const struct schema record_genesis = { .name = "genesis",
	SCHEMA(SCHEMA_MAP, cseal_genesis, genesis_rows) };

static const struct schema_member join_rows[] = {
	ROW(1, "genesis-leaf", SCHEMA_FIXED, cseal_join, genesis, 0, HASH),
};
static const struct schema record_join = { .name = "join",
	SCHEMA(SCHEMA_MAP, cseal_join, join_rows) };

static const struct schema_member commitment_rows[] = {
	ROW(0, "name", SCHEMA_TEXT, cseal_commitment, name, 1, 32),
	ROW(0, "commitment", SCHEMA_FIXED, cseal_commitment, hash, 0, HASH),
};
static const struct schema record_commitment = { .name = "field",
	SCHEMA(SCHEMA_PAIR, cseal_commitment, commitment_rows) };

static const struct schema_member evidence_rows[] = {
	ROW_WORD(0, "evidence", cseal_evidence, kind, 1, 5),
	ROW(0, "commitment", SCHEMA_FIXED, cseal_evidence, hash, 0, HASH),
};
static const struct schema record_evidence = { .name = "evidence",
	SCHEMA(SCHEMA_ARRAY, cseal_evidence, evidence_rows) };

static const struct schema_member check_rows[] = {
	ROW_WORD(0, "check", cseal_check, check, 1, 3),
	ROW_WORD(0, "result", cseal_check, result, 1, 4),
};
static const struct schema record_check = { .name = "check",
	SCHEMA(SCHEMA_PAIR, cseal_check, check_rows) };

static const struct schema_member request_rows[] = {
	ROW(1, "change-kind", SCHEMA_TEXT, cseal_request, change_kind, 1, 32),
	ROW_WORD(2, "op", cseal_request, op, 1, CSEAL_OP_BASELINE),
	ROW(3, "store", SCHEMA_HANDLE, cseal_request, store, 0, 32),
	ROW(4, "slot", SCHEMA_TEXT, cseal_request, slot, 0, 64),
	ROW_LIST(5, "fields", SCHEMA_DICT, cseal_request, fields, n_fields, 0,
	    CSEAL_KIND_FIELDS_MAX, &record_commitment),
	ROW_MAYBE(6, "before", SCHEMA_NULL, SCHEMA_FIXED, cseal_request, before,
	    has_before, 0, HASH, NULL),
	ROW(7, "not-after", SCHEMA_UINT, cseal_request, not_after, 0,
	    UINT64_MAX),
	ROW(8, "facts", SCHEMA_ANY, cseal_request, facts, 1, 512),
	ROW_MAYBE(9, "detail", SCHEMA_OPTIONAL, SCHEMA_ANY, cseal_request,
	    detail, has_detail, 1, 60000, NULL),
	ROW_LIST_MAYBE(10, "evidence", SCHEMA_LIST, cseal_request, evidence,
	    n_evidence, has_evidence, 1, CSEAL_EVIDENCE_MAX, &record_evidence),
	ROW_LIST_MAYBE(11, "checks", SCHEMA_DICT, cseal_request, checks,
	    n_checks, has_checks, 1, CSEAL_CHECKS_MAX, &record_check),
};
static const struct schema record_request = { .name = "request",
	SCHEMA(SCHEMA_MAP, cseal_request, request_rows) };

static const struct schema_member shown_rows[] = {
	ROW_WORD(0, "template", cseal_shown, template_number, 1, 1),
	ROW(0, "language", SCHEMA_TEXT, cseal_shown, language, 2, 16),
	ROW(0, "utc-offset", SCHEMA_INT, cseal_shown, utc_offset, 0, 1080),
	ROW(0, "commitment", SCHEMA_FIXED, cseal_shown, hash, 0, HASH),
};
static const struct schema record_shown = { .name = "shown",
	SCHEMA(SCHEMA_ARRAY, cseal_shown, shown_rows) };

#define ACT_ROWS                                                       \
	ROW(1, "index", SCHEMA_UINT, cseal_act, index, 1, UINT64_MAX), \
	    ROW(2, "leaf", SCHEMA_FIXED, cseal_act, leaf, 0, HASH)

static const struct schema_member approve_rows[] = {
	ACT_ROWS,
	ROW_LIST(3, "re-entered", SCHEMA_LIST, cseal_act, reentered,
	    n_reentered, 0, CSEAL_KIND_FIELDS_MAX, &record_name),
	ROW_SUB(4, "shown", cseal_act, shown, &record_shown),
	ROW(5, "facts", SCHEMA_ANY, cseal_act, facts, 1, 512),
	ROW_LIST_MAYBE(6, "checks", SCHEMA_DICT, cseal_act, checks, n_checks,
	    has_checks, 1, CSEAL_CHECKS_MAX, &record_check),
	ROW_LIST_MAYBE(7, "evidence", SCHEMA_LIST, cseal_act, evidence,
	    n_evidence, has_evidence, 1, CSEAL_EVIDENCE_MAX, &record_evidence),
};
static const struct schema record_approve = { .name = "approve",
	SCHEMA(SCHEMA_MAP, cseal_act, approve_rows) };

static const struct schema_member reject_rows[] = {
	ACT_ROWS,
	ROW_WORD(3, "reason", cseal_act, reason, 1, 7),
};
static const struct schema record_reject = { .name = "reject",
	SCHEMA(SCHEMA_MAP, cseal_act, reject_rows) };

static const struct schema_member withdraw_rows[] = { ACT_ROWS };
static const struct schema record_withdraw = { .name = "withdraw",
	SCHEMA(SCHEMA_MAP, cseal_act, withdraw_rows) };

static const struct schema_member apply_rows[] = {
	ACT_ROWS,
	ROW_WORD(3, "outcome", cseal_act, outcome, 1, CSEAL_APPLY_DIFFERS),
	ROW_WORD(4, "level", cseal_act, level, 0, 4),
	ROW_SUB(5, "shown", cseal_act, shown, &record_shown),
	ROW_MAYBE(6, "time-token", SCHEMA_OPTIONAL, SCHEMA_BYTES, cseal_act,
	    time_token, has_time_token, 1, 32768, NULL),
};
static const struct schema record_apply = { .name = "apply",
	SCHEMA(SCHEMA_MAP, cseal_act, apply_rows) };

static const struct schema_member observe_rows[] = {
	ROW(1, "store", SCHEMA_HANDLE, cseal_observe, store, 1, 32),
	ROW(2, "slot", SCHEMA_TEXT, cseal_observe, slot, 1, 64),
	ROW_WORD(3, "outcome", cseal_observe, outcome, 1, 3),
	ROW_WORD(4, "level", cseal_observe, level, 0, 4),
	ROW_LIST(5, "fields", SCHEMA_DICT, cseal_observe, fields, n_fields, 0,
	    CSEAL_KIND_FIELDS_MAX, &record_commitment),
	ROW(6, "source", SCHEMA_HANDLE, cseal_observe, source, 1, 32),
};
static const struct schema record_observe = { .name = "observe",
	SCHEMA(SCHEMA_MAP, cseal_observe, observe_rows) };

static const struct schema_member freeze_rows[] = {
	ROW_MAYBE(1, "store", SCHEMA_NULL, SCHEMA_HANDLE, cseal_freeze, store,
	    has_store, 1, 32, NULL),
	ROW_MAYBE(2, "key", SCHEMA_NULL, SCHEMA_UINT, cseal_freeze, key,
	    has_key, 0, UINT64_MAX, NULL),
	ROW_WORD(3, "reason", cseal_freeze, reason, 1, 9),
};
static const struct schema record_freeze = { .name = "freeze",
	SCHEMA(SCHEMA_MAP, cseal_freeze, freeze_rows) };

static const struct schema_member erase_rows[] = {
	ROW(1, "index", SCHEMA_UINT, cseal_erase, index, 1, UINT64_MAX),
	ROW(2, "leaf", SCHEMA_FIXED, cseal_erase, leaf, 0, HASH),
	ROW_LIST(3, "names", SCHEMA_LIST, cseal_erase, names, n_names, 1,
	    CSEAL_KIND_FIELDS_MAX, &record_name),
};
static const struct schema record_erase = { .name = "erase",
	SCHEMA(SCHEMA_MAP, cseal_erase, erase_rows) };

static const struct schema_member endorse_rows[] = {
	ROW(1, "size", SCHEMA_UINT, cseal_head, size, 1, UINT64_MAX),
	ROW(2, "root", SCHEMA_FIXED, cseal_head, root, 0, HASH),
};
static const struct schema record_endorse = { .name = "endorse",
	SCHEMA(SCHEMA_MAP, cseal_head, endorse_rows) };

struct lost {
	uint64_t since;
	uint64_t size;
};
static const struct schema_member lost_rows[] = {
	ROW(0, "lost-since", SCHEMA_UINT, lost, since, 0, UINT64_MAX),
	ROW(0, "size", SCHEMA_UINT, lost, size, 0, UINT64_MAX),
};
static const struct schema record_lost = { .name = "lost",
	SCHEMA(SCHEMA_ARRAY, lost, lost_rows) };
_Static_assert(offsetof(struct cseal_revocation, lost_size) ==
		   offsetof(struct cseal_revocation, lost_since) +
		       offsetof(struct lost, size),
    "lost_since and lost_size are read as one record");

static const struct schema_member revocation_rows[] = {
	ROW(0, "number", SCHEMA_UINT, cseal_revocation, key, 0, UINT64_MAX),
	ROW_WORD(0, "reason", cseal_revocation, reason, 1, 9),
	ROW_MAYBE(0, "lost", SCHEMA_NULL, SCHEMA_SUB, cseal_revocation,
	    lost_since, has_lost, 0, 0, &record_lost),
};
const struct schema record_revocation = { .name = "revocation",
	SCHEMA(SCHEMA_ARRAY, cseal_revocation, revocation_rows) };

static const struct schema_member envelope_rows[] = {
	ROW_WORD(
	    1, "version", cseal_statement, version, 1, CSEAL_FORMAT_VERSION),
	ROW(2, "kind", SCHEMA_UINT, cseal_statement, kind, 1, UINT64_MAX),
	ROW_MAYBE(3, "ledger-id", SCHEMA_NULL, SCHEMA_FIXED, cseal_statement,
	    ledger, has_ledger, 0, HASH, NULL),
	ROW_SUB(4, "seen-head", cseal_statement, seen, &record_head),
	ROW(5, "authority", SCHEMA_FIXED, cseal_statement, authority, 0, HASH),
	ROW_MAYBE(6, "thread", SCHEMA_OPTIONAL, SCHEMA_FIXED, cseal_statement,
	    thread, has_thread, 0, HASH, NULL),
	ROW(7, "key", SCHEMA_UINT, cseal_statement, key, 0, UINT64_MAX),
	ROW(8, "clock", SCHEMA_UINT, cseal_statement, clock, 0, UINT64_MAX),
	ROW(9, "payload", SCHEMA_ANY, cseal_statement, payload, 1, 65535),
};
const struct schema record_envelope = { .name = "statement",
	SCHEMA(SCHEMA_MAP, cseal_statement, envelope_rows) };

static const struct schema_member person_set_rows[] = {
	ROW_SUB(0, "person", record_person_set, person, &record_person),
	ROW_MAYBE(0, "display-name", SCHEMA_NULL, SCHEMA_FIXED,
	    record_person_set, name, has_name, 0, HASH, NULL),
};
const struct schema record_person_set = { .name = "person.set",
	SCHEMA(SCHEMA_ARRAY, record_person_set, person_set_rows) };

static const struct schema_member person_leave_rows[] = {
	ROW(0, "handle", SCHEMA_HANDLE, record_handle_of, handle, 1, 32),
};
const struct schema record_person_leave = { .name = "person.leave",
	SCHEMA(SCHEMA_BARE, record_handle_of, person_leave_rows) };

static const struct schema_member log_set_rows[] = {
	ROW_MAYBE(0, "log-key", SCHEMA_NULL, SCHEMA_FIXED, record_log_key, key,
	    has_key, 0, HASH, NULL),
};
const struct schema record_log_set = { .name = "log.set",
	SCHEMA(SCHEMA_BARE, record_log_key, log_set_rows) };

static const struct schema_member freeze_lift_rows[] = {
	ROW(0, "leaf", SCHEMA_FIXED, record_leaf, leaf, 0, HASH),
};
const struct schema record_freeze_lift = { .name = "freeze.lift",
	SCHEMA(SCHEMA_BARE, record_leaf, freeze_lift_rows) };

static const struct schema_member offer_rows[] = {
	ROW_WORD(1, "version", record_offer_file, version, 1, 1),
	ROW_MAYBE(2, "org", SCHEMA_NULL, SCHEMA_TEXT, record_offer_file, org,
	    has_org, 1, 200, NULL),
	ROW_MAYBE(3, "ledger-id", SCHEMA_NULL, SCHEMA_FIXED, record_offer_file,
	    ledger, has_ledger, 0, HASH, NULL),
	ROW(4, "rp-id", SCHEMA_TEXT, record_offer_file, rp_id, 1, 253),
	ROW_SUB(5, "key", record_offer_file, key, &record_key),
};
const struct schema record_offer = { .name = "offer",
	SCHEMA(SCHEMA_MAP, record_offer_file, offer_rows) };

static const struct schema *const payloads[] = {
	[CSEAL_GENESIS] = &record_genesis,
	[CSEAL_JOIN] = &record_join,
	[CSEAL_REQUEST] = &record_request,
	[CSEAL_APPROVE] = &record_approve,
	[CSEAL_REJECT] = &record_reject,
	[CSEAL_WITHDRAW] = &record_withdraw,
	[CSEAL_APPLY] = &record_apply,
	[CSEAL_OBSERVE] = &record_observe,
	[CSEAL_FREEZE] = &record_freeze,
	[CSEAL_ERASE] = &record_erase,
	[CSEAL_ENDORSE] = &record_endorse,
};

const struct schema *
record_payload(uint64_t kind)
{
	return kind < SCHEMA_COUNT(payloads) ? payloads[kind] : NULL;
}
