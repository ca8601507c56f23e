/* SPDX-License-Identifier: BSD-2-Clause */

#include "format_words.h"

#include "format.h"
#include "slice.h"

static const char *const types_us[] = { "checking", "savings", NULL };
static const char *const types_jp[] = { "futsu", "toza", "savings", NULL };
static const char *const yes_no[] = { "yes", "no", NULL };
static const char *const lines[] = { "mobile", "landline", "voip", NULL };
static const char *const categories[] = { "account", "payments", "orders",
	"security", "other", NULL };
static const char *const places[] = { "primary", "backup", NULL };
static const char *const user_actions[] = { "grant", "revoke", NULL };
static const char *const app_actions[] = { "authorise", "revoke", NULL };
static const char *const brands[] = { "visa", "mastercard", "amex", "discover",
	"jcb", "diners", "unionpay", NULL };
static const char *const cadences[] = { "daily", "weekly", "biweekly",
	"monthly", "on_demand", NULL };
static const char *const methods[] = { "sms", "voice", "totp", NULL };

static int
refuse(const struct cseal_format *f, const char *field, struct cseal_error *err)
{
	const char *const *words = f->how;
	struct cseal_buf list;
	int r;

	cseal_buf_init(&list, 0);
	for (size_t i = 0; words[i] != NULL; i++)
		(void)cseal_buf_printf(
		    &list, "%s%s", i > 0 ? ", " : "", words[i]);
	r = cseal_error_set(err, CSEAL_ERR_INPUT, field,
	    "no such word; it is one of: %s", cseal_buf_str(&list));
	cseal_buf_free(&list);
	return r;
}

static int
canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const char *const *words = f->how;
	const struct cseal_slice typed = { p, n };
	int r = format_begin(f, field, p, n, err);

	if (r != CSEAL_OK)
		return r;
	for (size_t i = 0; words[i] != NULL; i++) {
		if (slice_is(typed, words[i]))
			return format_accept(field, p, n, out, err);
	}
	return refuse(f, field, err);
}

/* A word of a short list tells nothing when it is masked: it is shown. */
#define WORDS(list)                                                  \
	.canon = canon, .group = format_plain, .mask = format_plain, \
	.how = (list)

const struct cseal_format format_words[] = {
	[WORDS_TYPE_US] = {
		.name = "type_us",
		.about = "kind of an account in the United States: checking "
			 "or savings",
		.example = "checking",
		WORDS(types_us),
	},
	[WORDS_TYPE_JP] = {
		.name = "type_jp",
		.about = "kind of an account in Japan: futsu (ordinary), toza "
			 "(current) or savings",
		.example = "futsu",
		WORDS(types_jp),
	},
	[WORDS_YES_NO] = {
		.name = "yes_no",
		.about = "yes or no",
		.example = "yes",
		WORDS(yes_no),
	},
	[WORDS_LINE] = {
		.name = "line_type",
		.about = "what a telephone number belongs to: mobile, landline "
			 "or voip",
		.example = "mobile",
		WORDS(lines),
	},
	[WORDS_CATEGORY] = {
		.name = "category",
		.about = "what notices are about: account, payments, orders, "
			 "security or other",
		.example = "payments",
		WORDS(categories),
	},
	[WORDS_PLACE] = {
		.name = "place",
		.about = "which of two ways to sign in it is: primary or "
			 "backup",
		.example = "primary",
		WORDS(places),
	},
	[WORDS_METHOD] = {
		.name = "method",
		.about = "how codes for signing in come: sms, voice, or totp "
			 "(an authenticator app)",
		.example = "totp",
		WORDS(methods),
	},
	[WORDS_USER_ACTION] = {
		.name = "user_action",
		.about = "what becomes of a user's access: grant or revoke",
		.example = "grant",
		WORDS(user_actions),
	},
	[WORDS_APP_ACTION] = {
		.name = "app_action",
		.about = "what becomes of an app's access: authorise or revoke",
		.example = "authorise",
		WORDS(app_actions),
	},
	[WORDS_BRAND] = {
		.name = "brand",
		.about = "brand of a card: visa, mastercard, amex, discover, "
			 "jcb, diners or unionpay",
		.example = "visa",
		WORDS(brands),
	},
	[WORDS_CADENCE] = {
		.name = "cadence",
		.about = "how often: daily, weekly, biweekly, monthly or "
			 "on_demand",
		.example = "weekly",
		WORDS(cadences),
	},
};
