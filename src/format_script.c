/* SPDX-License-Identifier: BSD-2-Clause */

#include "format_script.h"

#include "format.h"
#include "utf8.h"

bool
script_has(const struct script_range *ranges, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

static int
check_characters(const struct script *s, const char *field, const uint8_t *p,
    size_t n, struct cseal_error *err)
{
	size_t len, count = 0;

	for (size_t i = 0; i < n; i += len, count++) {
		if (!script_has(s->ranges, s->n, utf8_next(p + i, n - i, &len)))
			return format_refuse(field, p, n, i, s->way, err);
	}
	if (count > s->most)
		return cseal_error_set(err, CSEAL_ERR_INPUT, field,
		    "%zu characters, but at most %zu are allowed: shorten it",
		    count, s->most);
	return CSEAL_OK;
}

int
script_canon(const struct cseal_format *f, const char *field, const uint8_t *p,
    size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const struct script *s = f->how;
	int r;

	if ((r = format_begin(f, field, p, n, err)) != CSEAL_OK ||
	    (r = check_characters(s, field, p, n, err)) != CSEAL_OK ||
	    (r = format_check_spaces(field, p, n, err)) != CSEAL_OK ||
	    (r = s->check(field, p, n, err)) != CSEAL_OK ||
	    (r = format_no_card(field, p, n, err)) != CSEAL_OK)
		return r;
	return format_accept(field, p, n, out, err);
}
