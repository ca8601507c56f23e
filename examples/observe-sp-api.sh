#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A saved answer of Amazon's Selling Partner API (Transfers 2024-06-01,
# getPaymentMethods) on standard input becomes a reading for `observe`:
#
#   observe-sp-api.sh main-de <answer.json |
#       counterseal observe --monitor --from -
#
# The account that money goes to by default stands in the slot payout. If there
# is none, that is told too; if there are several, nobody knows which is which.
# TIME, 2026-11-23T14:10:00Z, says when the answer was given.
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ]; then
	echo 'usage: observe-sp-api.sh STORE [TIME] <ANSWER' >&2
	exit 2
fi
jq -e --arg store "$1" --arg time "${2:-}" '
	(.paymentMethods // error("no paymentMethods: is it that answer?"))
	| map(select(.paymentMethodType == "BANK_ACCOUNT"
	    and .assignmentType == "DEFAULT_DEPOSIT_METHOD"))
	| if length > 1 then error("more than one default account") else . end
	| { store: $store, slot: "payout", source: "sp-api" }
	  + (if $time == "" then {} else { time: $time } end)
	  + if length == 0 then { empty: true }
	    else { fields: (.[0] | { tail, holder: .accountHolderName,
		country: .countryCode, default: true }
		| with_entries(select(.value != null))) }
	    end'
