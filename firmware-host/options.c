/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "presence.h"
#include "transport_uhid.h"
#include "version.h"

enum option_id {
	OPT_SOCKET = 256, /* no single letter */
	OPT_UHID,
	OPT_HIDG,
	OPT_STATE,
	OPT_PRESENCE,
	OPT_NAME,
	OPT_ATTESTATION,
	OPT_READY_FD,
	OPT_UV,
	OPT_NO_UV,
	OPT_NO_PIN,
	OPT_LATE_RESET,
	OPT_HELP,
	OPT_VERSION
};

static const struct option table[] = {
	{ "socket", required_argument, NULL, OPT_SOCKET },
	{ "uhid", no_argument, NULL, OPT_UHID },
	{ "hidg", required_argument, NULL, OPT_HIDG },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "presence", required_argument, NULL, OPT_PRESENCE },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "attestation", required_argument, NULL, OPT_ATTESTATION },
	{ "ready-fd", required_argument, NULL, OPT_READY_FD },
	{ "uv", no_argument, NULL, OPT_UV },
	{ "no-uv", no_argument, NULL, OPT_NO_UV },
	{ "no-pin", no_argument, NULL, OPT_NO_PIN },
	{ "allow-late-reset", no_argument, NULL, OPT_LATE_RESET },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
    "usage: counterseal-token --socket PATH | --uhid | --hidg DEVICE\n"
    "           --state FILE"
    " [--presence tty|always|never|scripted:FILE]\n"
    "           [--uv|--no-uv] [--no-pin] [--name NAME]\n"
    "           [--attestation self|none|FILE] [--allow-late-reset]\n"
    "           [--ready-fd N]\n"
    "       counterseal-token --help | --version\n";

static const char help[] =
    "\n"
    "A FIDO2 security key in software, for tests and demonstrations.\n"
    "Anyone who can read its state file can sign.\n"
    "\n"
    "  --socket PATH       listen on this AF_UNIX SOCK_SEQPACKET socket\n"
    "  --uhid              be a HID device of this machine, by /dev/uhid\n"
    "  --hidg DEVICE       be one at the end of a USB cable, by /dev/hidgN\n"
    "  --state FILE        the key's memory; made if absent\n"
    "  --presence WHO      who touches: tty (default) asks on the terminal;\n"
    "                      always; never; scripted:FILE, a line a request:\n"
    "                      touch, deny, stranger (touched by somebody whom\n"
    "                      user verification refuses), ignore or delay MS\n"
    "  --uv, --no-uv       user verification is built in (default), or not\n"
    "  --no-pin            no PIN can be set\n"
    "  --name NAME         shown with each question\n"
    "  --attestation WHAT  with a new credential: self (default), none, or a\n"
    "                      file with a key and certificates\n"
    "  --allow-late-reset  reset also later than 10 s after the start\n"
    "  --ready-fd N        write \"ready\" there once the key is there\n"
    "  --help, --version\n";

static int
bad(const char *text, const char *what)
{
	fprintf(stderr, "counterseal-token: %s%s\n%s", text, what, usage);
	return -1;
}

static int
set_ready_fd(struct options *o, const char *arg)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(arg, &end, 10);
	if (errno != 0 || *arg < '0' || *arg > '9' || *end != '\0' ||
	    n > INT_MAX || fcntl((int)n, F_GETFD) == -1)
		return bad("--ready-fd: not an open descriptor: ", arg);
	o->ready_fd = (int)n;
	return 0;
}

static int
set_presence(struct options *o, const char *arg)
{
	if (!presence_is_spec(arg))
		return bad("--presence: expected tty, always, never or "
			   "scripted:FILE, not: ",
		    arg);
	o->presence = arg;
	return 0;
}

static int
set_transport(struct options *o, const struct transport *t, const char *place)
{
	if (o->transport != NULL && o->transport != t)
		return bad(
		    "--socket, --uhid and --hidg exclude each other", "");
	o->transport = t;
	o->place = place;
	return 0;
}

static int
set_option(struct options *o, int id, const char *arg)
{
	switch ((enum option_id)id) {
	case OPT_SOCKET: return set_transport(o, &transport_unix, arg);
	case OPT_UHID: return set_transport(o, &transport_uhid, UHID_PATH);
	case OPT_HIDG: return set_transport(o, &transport_gadget, arg);
	case OPT_STATE: o->state = arg; break;
	case OPT_PRESENCE: return set_presence(o, arg);
	case OPT_NAME: o->name = arg; break;
	case OPT_ATTESTATION: o->attestation = arg; break;
	case OPT_READY_FD: return set_ready_fd(o, arg);
	case OPT_UV: o->uv = true; break;
	case OPT_NO_UV: o->uv = false; break;
	case OPT_NO_PIN: o->no_pin = true; break;
	case OPT_LATE_RESET: o->late_reset = true; break;
	case OPT_HELP:
	case OPT_VERSION: break;
	}
	return 0;
}

static int
check_seen(unsigned int seen, unsigned int bit)
{
	const unsigned int uv =
	    1U << (OPT_UV - OPT_SOCKET) | 1U << (OPT_NO_UV - OPT_SOCKET);

	if ((seen & bit) != 0)
		return bad("an option was given twice", "");
	if (((seen | bit) & uv) == uv)
		return bad("--uv and --no-uv exclude each other", "");
	return 0;
}

/* 0, 1 after --help or --version, -1 on bad usage. */
static int
parse_all(int argc, char *argv[], struct options *o)
{
	unsigned int seen = 0;
	int id;

	while ((id = getopt_long(argc, argv, "", table, NULL)) != -1) {
		unsigned int bit;

		if (id < OPT_SOCKET || id > OPT_VERSION) {
			fputs(usage, stderr);
			return -1;
		}
		if (id == OPT_HELP || id == OPT_VERSION) {
			if (id == OPT_HELP)
				printf("%s%s", usage, help);
			else
				printf("counterseal-token %s\n", FIRMWARE_TEXT);
			return 1;
		}
		bit = 1U << (id - OPT_SOCKET);
		if (check_seen(seen, bit) != 0 ||
		    set_option(o, id, optarg) != 0)
			return -1;
		seen |= bit;
	}
	return 0;
}

enum options_result
options_parse(int argc, char *argv[], struct options *out)
{
	int r;

	memset(out, 0, sizeof(*out));
	out->presence = "tty";
	out->name = "counterseal-token";
	out->attestation = "self";
	out->uv = true;
	out->ready_fd = -1;
	if ((r = parse_all(argc, argv, out)) != 0)
		return r > 0 ? OPTIONS_DONE : OPTIONS_BAD;
	if (optind < argc)
		r = bad("unexpected argument: ", argv[optind]);
	else if (out->transport == NULL)
		r = bad("--socket, --uhid or --hidg is missing", "");
	else if (out->state == NULL)
		r = bad("--state is missing", "");
	return r == 0 ? OPTIONS_RUN : OPTIONS_BAD;
}
