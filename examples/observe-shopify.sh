#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A saved answer of Shopify's GraphQL Admin API on standard input, to
#
#   { shopifyPaymentsAccount { bankAccounts(first: 10) { nodes {
#       accountNumberLastDigits country currency } } } }
#
# becomes a reading for `observe`:
#
#   observe-shopify.sh main-de EUR <answer.json |
#       counterseal observe --monitor --from -
set -eu

if [ $# -ne 2 ]; then
	echo 'usage: observe-shopify.sh STORE CURRENCY <ANSWER' >&2
	exit 2
fi
jq -e --arg store "$1" --arg currency "$2" '
	(.data.shopifyPaymentsAccount.bankAccounts.nodes
	    // error("no bankAccounts: is it that answer?"))
	| map(select(.currency == $currency))
	| if length > 1 then error("more than one account of that currency")
	  else . end
	| { store: $store, slot: "payout", source: "shopify" }
	  + if length == 0 then { empty: true }
	    else { fields: (.[0] | { tail: .accountNumberLastDigits, country }) }
	    end'
