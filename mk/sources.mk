# SPDX-License-Identifier: BSD-2-Clause
# What belongs to what: every source, one a line, sorted. One that is
# missing here fails tests/check_layers.sh.

# Another file in this one's place can switch a rule off: see mk/mutants.mk.
RULE_SWITCH ?= src/rule_switch.c
LIB_SRCS = \
    src/aead.c \
    src/backup.c \
    src/backup_box.c \
    src/backup_file.c \
    src/backup_recipient.c \
    src/backup_restore.c \
    src/buf.c \
    src/buf_file.c \
    src/calendar.c \
    src/change.c \
    src/change_lines.c \
    src/claims.c \
    src/commit.c \
    src/commitment.c \
    src/count.c \
    src/country.c \
    src/credential.c \
    src/dcbor.c \
    src/dcbor_read.c \
    src/dcbor_write.c \
    src/der.c \
    src/desk.c \
    src/desk_key.c \
    src/differ.c \
    src/digest.c \
    src/draft.c \
    src/draft_acts.c \
    src/draft_decide.c \
    src/draft_founding.c \
    src/draft_making.c \
    src/email.c \
    src/envelope.c \
    src/envelope_open.c \
    src/err.c \
    src/exchange_file.c \
    src/exchange_folder.c \
    src/exchange_join.c \
    src/exchange_receive.c \
    src/exchange_seen.c \
    src/exchange_send.c \
    src/export.c \
    src/export_fido2.c \
    src/export_ssh.c \
    src/facts.c \
    src/field.c \
    src/fold.c \
    src/fold_authority.c \
    src/fold_decide.c \
    src/fold_genesis.c \
    src/fold_keep.c \
    src/fold_key.c \
    src/fold_request.c \
    src/fold_watch.c \
    src/fork.c \
    src/format.c \
    src/format_alnum.c \
    src/format_bic.c \
    src/format_card.c \
    src/format_date.c \
    src/format_digits.c \
    src/format_domain.c \
    src/format_han.c \
    src/format_kana.c \
    src/format_latin.c \
    src/format_phone.c \
    src/format_provider.c \
    src/format_script.c \
    src/format_width.c \
    src/format_words.c \
    src/frontier.c \
    src/genesis.c \
    src/hearing.c \
    src/iban.c \
    src/iban_table.c \
    src/intake.c \
    src/io_answer.c \
    src/io_hid.c \
    src/io_text.c \
    src/io_unix.c \
    src/io_wait.c \
    src/kind.c \
    src/kind_access.c \
    src/kind_contact.c \
    src/kind_fact.c \
    src/kind_payout.c \
    src/kind_terms.c \
    src/ledger.c \
    src/ledger_proven.c \
    src/memory.c \
    src/memory_change.c \
    src/memory_codec.c \
    src/memory_file.c \
    src/memory_people.c \
    src/memory_pin.c \
    src/memory_replay.c \
    src/memory_save.c \
    src/memory_state.c \
    src/memory_tree.c \
    src/merkle.c \
    src/near.c \
    src/observation.c \
    src/observation_compare.c \
    src/observation_tail.c \
    src/offer.c \
    src/openings.c \
    src/openings_form.c \
    src/openings_lock.c \
    src/outbox.c \
    src/panel.c \
    src/panel_act.c \
    src/panel_alike.c \
    src/panel_beside.c \
    src/panel_change.c \
    src/panel_founding.c \
    src/panel_look.c \
    src/panel_value.c \
    src/parcel.c \
    src/policy.c \
    src/policy_default.c \
    src/policy_keys.c \
    src/policy_names.c \
    src/policy_parse.c \
    src/policy_places.c \
    src/policy_source.c \
    src/policy_source_head.c \
    src/policy_source_key.c \
    src/policy_source_settle.c \
    src/policy_text.c \
    src/policy_words.c \
    src/policy_write.c \
    src/post.c \
    src/post_take.c \
    src/pubkey.c \
    src/recheck.c \
    src/reentry.c \
    src/records.c \
    src/repair.c \
    src/repair_cut.c \
    src/repair_look.c \
    src/repair_rows.c \
    src/replay.c \
    src/replay_finding.c \
    src/report.c \
    src/report_json.c \
    src/report_text.c \
    $(RULE_SWITCH) \
    src/rules.c \
    src/schema.c \
    src/seal.c \
    src/site.c \
    src/skeleton.c \
    src/state.c \
    src/statement.c \
    src/store_path.c \
    src/store_sqlite.c \
    src/store_sqlite_backup.c \
    src/store_sqlite_beside.c \
    src/store_sqlite_cut.c \
    src/store_sqlite_open.c \
    src/store_sqlite_opening.c \
    src/store_sqlite_schema.c \
    src/store_sqlite_statement.c \
    src/text.c \
    src/token.c \
    src/token_call.c \
    src/token_enrol.c \
    src/token_error.c \
    src/token_info.c \
    src/token_pin.c \
    src/token_reply.c \
    src/token_seal.c \
    src/token_wink.c \
    src/tree_check.c \
    src/used.c \
    src/utf8.c \
    src/values.c \
    src/vec.c \
    src/verify_pool.c \
    src/version.c \
    src/view.c \
    src/view_times.c \
    src/words.c \
    src/zone_glib.c

CLI_SRCS = \
    src/cli/act.c \
    src/cli/apply.c \
    src/cli/approve.c \
    src/cli/backup.c \
    src/cli/choose.c \
    src/cli/columns.c \
    src/cli/completion.c \
    src/cli/desk.c \
    src/cli/exchange.c \
    src/cli/export.c \
    src/cli/fail.c \
    src/cli/follow.c \
    src/cli/home.c \
    src/cli/hook.c \
    src/cli/hooks.c \
    src/cli/init.c \
    src/cli/init_tell.c \
    src/cli/inserted.c \
    src/cli/join.c \
    src/cli/json.c \
    src/cli/key.c \
    src/cli/kinds.c \
    src/cli/list.c \
    src/cli/log.c \
    src/cli/main.c \
    src/cli/memory.c \
    src/cli/notice.c \
    src/cli/offer.c \
    src/cli/options.c \
    src/cli/output.c \
    src/cli/passphrase.c \
    src/cli/person.c \
    src/cli/plain.c \
    src/cli/reading.c \
    src/cli/reading_change.c \
    src/cli/reading_value.c \
    src/cli/receive.c \
    src/cli/reenter.c \
    src/cli/reject.c \
    src/cli/repair.c \
    src/cli/request.c \
    src/cli/request_ask.c \
    src/cli/request_replace.c \
    src/cli/restore.c \
    src/cli/sealing.c \
    src/cli/send.c \
    src/cli/settings.c \
    src/cli/sheet.c \
    src/cli/show.c \
    src/cli/show_json.c \
    src/cli/signals.c \
    src/cli/state.c \
    src/cli/status.c \
    src/cli/status_begin.c \
    src/cli/status_json.c \
    src/cli/status_late.c \
    src/cli/status_sealed.c \
    src/cli/status_text.c \
    src/cli/terminal.c \
    src/cli/token.c \
    src/cli/touch.c \
    src/cli/usage.c \
    src/cli/verbs.c \
    src/cli/verify.c \
    src/cli/watch.c \
    src/cli/withdraw.c \
    src/cli/wrap.c

FIRMWARE_SRCS = \
    firmware-host/assertion.c \
    firmware-host/attestation.c \
    firmware-host/authdata.c \
    firmware-host/clientpin.c \
    firmware-host/clientpin_set.c \
    firmware-host/clientpin_token.c \
    firmware-host/codec.c \
    firmware-host/codec_credman.c \
    firmware-host/codec_extension.c \
    firmware-host/codec_item.c \
    firmware-host/codec_pin.c \
    firmware-host/config.c \
    firmware-host/credential.c \
    firmware-host/credman.c \
    firmware-host/credman_change.c \
    firmware-host/crypto.c \
    firmware-host/ctap2.c \
    firmware-host/ctaphid.c \
    firmware-host/device.c \
    firmware-host/encode.c \
    firmware-host/encode_credman.c \
    firmware-host/encode_pin.c \
    firmware-host/follow.c \
    firmware-host/getassert.c \
    firmware-host/getinfo.c \
    firmware-host/getnext.c \
    firmware-host/hidreport.c \
    firmware-host/hmacsecret.c \
    firmware-host/image.c \
    firmware-host/keyalg.c \
    firmware-host/locate.c \
    firmware-host/makecred.c \
    firmware-host/options.c \
    firmware-host/pincrypto.c \
    firmware-host/pinuv.c \
    firmware-host/presence.c \
    firmware-host/printable.c \
    firmware-host/puat.c \
    firmware-host/put.c \
    firmware-host/resident.c \
    firmware-host/scan.c \
    firmware-host/tokenstate.c \
    firmware-host/transport_gadget.c \
    firmware-host/transport_uhid.c \
    firmware-host/transport_unix.c \
    firmware-host/uv.c

FIRMWARE_MAIN = firmware-host/main.c

MAN_PAGES = \
    firmware-host/counterseal-token.1 \
    src/cli/counterseal.1

UDEV_RULES = udev/70-counterseal.rules

# Tests are found, not listed: a test that nobody runs is worse than a file
# too many.
UNIT_TESTS := $(sort $(wildcard tests/unit/test_*.c))
# Makes ledgers for the unit tests, and disks that fail.
UNIT_MAKER := $(sort $(wildcard tests/unit/maker*.c tests/unit/disk.c \
    tests/unit/child.c))
DEVICE_TESTS := $(sort $(wildcard tests/device/test_*.c))
DEVICE_HARNESS = \
    tests/device/device_harness.c \
    tests/device/liar.c \
    tests/device/malform.c \
    tests/device/pin_client.c \
    tests/device/request.c \
    tests/device/stage.c
# A model of the fold, which test_property compares with it.
UNIT_MAKER += $(sort $(wildcard tests/unit/model*.c))
