/* SPDX-License-Identifier: BSD-2-Clause */
#include "seeds_token.h"

/* makeCredential and getAssertion as CTAP 2.1 section 6 has them. */
#define HASH32 \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HASH16 "000102030405060708090a0b0c0d0e0f"
#define MAKE                                                                   \
	"01a4015820" HASH32 "02a16269646b6578616d706c652e636f6d03a26269644401" \
	"020304646e616d65636c696e0481a263616c672664747970656a7075626c69632d"   \
	"6b6579"
#define GET "02a2016b6578616d706c652e636f6d025820" HASH32
/* A platform's key: P-256's generator, with the private key 1. */
#define KEY                                                                \
	"a501020338182001215820"                                           \
	"6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" \
	"225820"                                                           \
	"4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
#define SET_PIN	 "06a50101020303" KEY "0450" HASH16 "055840" HASH32 HASH32
#define UV_TOKEN "06a50102020603" KEY "09020a6b6578616d706c652e636f6d"
/* A resident credential of user USER, and what finds those of its rp. */
#define MAKE_RESIDENT(user)                                              \
	"01a5015820" HASH32 "02a1626964616503a3626964" user              \
	"646e616d65616e6b646973706c61794e616d6561640481a263616c67382264" \
	"747970656a7075626c69632d6b657907a162726bf5"
#define MAKE_EXTENDED(user)                                              \
	"01a6015820" HASH32 "02a1626964616503a3626964" user              \
	"646e616d65616e6b646973706c61794e616d6561640481a263616c67382264" \
	"747970656a7075626c69632d6b657906a26b6372656450726f7465637402"   \
	"6b686d61632d736563726574f507a162726bf5"
#define FIND "02a2016165025820" HASH32
/* credentialManagement, all parameters there are, and a wrong token. */
#define MANAGE(subcommand)                               \
	"0aa401" subcommand "02a3015820" HASH32          \
	"02a2626964417864747970656a7075626c69632d6b6579" \
	"03a26269644161646e616d65616e03010450"           \
	"61616161616161616161616161616161"
#define INIT               \
	"0fffffffff860008" \
	"0102030405060708"

static const struct seed_token seeds[] = {
	{ "ctap2", "getinfo",
	    "00"
	    "0000"
	    "04" },
	{ "ctap2", "make",
	    "00"
	    "0065" MAKE },
	{ "ctap2", "get",
	    "01"
	    "0031" GET },
	{ "ctap2", "make-get",
	    "00"
	    "0065" MAKE "0031" GET },
	{ "ctap2", "pin",
	    "00"
	    "0003"
	    "06a10201"
	    "0005"
	    "06a201020202"
	    "00a9" SET_PIN },
	{ "ctap2", "verified",
	    "01"
	    "0003"
	    "06a10207"
	    "0063" UV_TOKEN "0031" GET },
	{ "ctap2", "config",
	    "00"
	    "0003"
	    "0da10102"
	    "0003"
	    "0da10102"
	    "000b"
	    "0da2010302a2010602816178" },
	{ "ctap2", "reset-select",
	    "00"
	    "0000"
	    "07"
	    "0000"
	    "0b" },
	{ "ctap2", "resident",
	    "00"
	    "0066" MAKE_RESIDENT("4161") "0082" MAKE_EXTENDED(
		"4162") "0027" FIND "0000"
			"08"
			"0000"
			"08" },
	{ "ctap2", "manage",
	    "00"
	    "0066" MAKE_RESIDENT("4161") "0061" MANAGE("01") "0061" MANAGE(
		"02") "0061" MANAGE("04") "0061" MANAGE("06") "0061" MANAGE("07") },
	{ "ctap2", "secret",
	    "00"
	    "0066" MAKE_RESIDENT(
		"4161") "00bc"
			"02a3016165025820" HASH32
			"04a16b686d61632d736563726574a401a50102033818200121"
			"5820" HASH32 "225820" HASH32 "025820" HASH32
			"03506161616161616161616161616161616104"
			"01" },
	{ "ctaphid", "init",
	    "00"
	    "00" INIT },
	{ "ctaphid", "ping",
	    "00"
	    "00" INIT "00"
	    "0a"
	    "00000001"
	    "810003"
	    "616263" },
	{ "ctaphid", "getinfo",
	    "01"
	    "00" INIT "00"
	    "08"
	    "00000001"
	    "900001"
	    "04" },
	{ "ctaphid", "wink-gone",
	    "00"
	    "00" INIT "00"
	    "07"
	    "00000001"
	    "880000"
	    "47" },
	{ "ctaphid", "select-cancel",
	    "00"
	    "42"
	    "00" INIT "00"
	    "08"
	    "00000001"
	    "900001"
	    "0b"
	    "00"
	    "07"
	    "00000001"
	    "910000" },
	{ "ctaphid", "two-packets",
	    "00"
	    "00" INIT "00"
	    "40"
	    "00000001"
	    "810050"
	    "000000000000000000000000000000000000000000000000000000000000000000"
	    "000000000000000000000000000000000000000000000000"
	    "00"
	    "40"
	    "00000001"
	    "00"
	    "41" },
};

size_t
seeds_token_count(void)
{
	return sizeof(seeds) / sizeof(seeds[0]);
}

const struct seed_token *
seeds_token_at(size_t i)
{
	return &seeds[i];
}
