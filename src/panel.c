/* SPDX-License-Identifier: BSD-2-Clause */
/* What panels are made of: filtered text, lines, times, keys. */

#include "panel.h"

#include <stdlib.h>
#include <string.h>

#include "counterseal/offer.h"
#include "counterseal/text.h"

#define LINE_COLUMNS 78

#define YEAR_9999 253370764800 /* what is later is told as no time */

/* Not by gmtime(3): it reads the environment's TZ, and leap seconds there. */
int
panel_time(struct cseal_buf *out, uint64_t t, int utc_offset)
{
	int64_t local = (int64_t)t + (int64_t)utc_offset * 60;
	char text[CSEAL_TIME_BYTES];

	if (t > YEAR_9999 || local < 0)
		return cseal_buf_add_str(out, "at no time");
	cseal_time_utc((uint64_t)local, text);
	(void)cseal_buf_printf(out, "%.10s %.5s", text, text + 11);
	if (utc_offset == 0)
		return cseal_buf_add_str(out, " UTC");
	return cseal_buf_printf(out, " (UTC%c%02d:%02d)",
	    utc_offset < 0 ? '-' : '+', abs(utc_offset) / 60,
	    abs(utc_offset) % 60);
}

void
panel_safe(struct cseal_buf *out, struct cseal_slice s, size_t columns)
{
	(void)cseal_text_safe(out, s.data, s.len, columns);
}

void
panel_row(struct cseal_buf *out, const char *label, const char *which,
    const char *text)
{
	size_t n;

	do {
		n = cseal_text_fit(text, PANEL_VALUE_COLUMNS);
		(void)cseal_buf_printf(out, "    %-*s %-4s %.*s\n",
		    PANEL_LABEL_COLUMNS, label, which, (int)n, text);
		text += n;
		label = which = "";
	} while (n > 0 && *text != '\0');
}

/* Bytes of the text's first line: up to the last space that fits, if any. */
static size_t
first_line(const char *text, size_t columns)
{
	size_t fit = cseal_text_fit(text, columns), n = fit;

	if (text[fit] == '\0')
		return fit;
	while (n > 0 && text[n] != ' ')
		n--;
	return n > 0 ? n : fit;
}

void
panel_say(struct cseal_buf *out, const char *text)
{
	int indent = 2;
	size_t n;

	while ((n = first_line(text, (size_t)(LINE_COLUMNS - indent))) > 0) {
		(void)cseal_buf_printf(
		    out, "%*s%.*s\n", indent, "", (int)n, text);
		text += n;
		text += *text == ' ';
		indent = 4;
	}
}

int
panel_key(struct cseal_buf *out, const struct cseal_key *k)
{
	const char *level = cseal_word_name(cseal_verdicts, k->verdict.level);
	struct cseal_credential c;
	char id[17 + 3], aaguid[33];

	if (cseal_credential_parse(&c, k->attestation) != CSEAL_OK)
		return CSEAL_ERR_FORMAT;
	cseal_hex(c.id.data, c.id.len < 8 ? c.id.len : 8, id);
	memcpy(id + strlen(id), "...", 4);
	cseal_hex(c.aaguid, sizeof(c.aaguid), aaguid);
	panel_row(out, "key", "", id);
	panel_row(out, "model", "", aaguid);
	if (k->monitor)
		panel_row(out, "monitor", "",
		    "seals bad news alone, without a touch");
	if (k->verdict.level == CSEAL_VERDICT_SOFTWARE) {
		panel_row(out, "hardware", "",
		    "SOFTWARE KEY: anybody may have a copy");
		return cseal_buf_error(out);
	}
	return cseal_buf_printf(out, "    %-*s      attestation: %s\n",
	    PANEL_LABEL_COLUMNS, "hardware", level);
}
