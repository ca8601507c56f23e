/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef FIRMWARE_OPTIONS_H
#define FIRMWARE_OPTIONS_H

#include <stdbool.h>

#include "transport.h"

struct options {
	const struct transport *transport;
	const char *place; /* transport->open() takes it */
	const char *state, *presence, *name, *attestation;
	bool uv, no_pin, late_reset;
	int ready_fd; /* -1: none */
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_DONE, /* --help or --version has been printed */
	OPTIONS_BAD   /* a sentence has been printed on standard error */
};

/* Strings stay argv's. */
enum options_result options_parse(int argc, char *argv[], struct options *out);

#endif
