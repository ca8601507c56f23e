# SPDX-License-Identifier: BSD-2-Clause
# Reads a log of tests/run.sh: TAP, then the line "## exit N after S s".
# Prints "passed failed skipped", then each failure with its own lines.
# With -v all=1 a skip is a failure. A result marked SKIP counts as skipped
# even where it begins with "not ok": cmocka 1.1.5 writes it so. A program may
# print several plans, one a group of tests. Of a failure's diagnostics the
# first ten lines are told; the log has the rest.
BEGIN {
	code = -1
}
function fail(why) {
	failed++
	told = told "    " why "\n"
}
/^1\.\.0 *# *[Ss][Kk][Ii][Pp]/ {
	results++
	planned++
	plans++
	skipped++
	if (all)
		fail("must not be skipped: " $0)
	next
}
/^1\.\.[0-9]+/ {
	planned += substr($1, 4)
	plans++
	failing = 0
	next
}
/^(not )?ok([^A-Za-z0-9_]|$)/ {
	results++
	failing = 0
	if (/# *[Ss][Kk][Ii][Pp]/) {
		skipped++
		if (all)
			fail("must not be skipped: " $0)
	} else if (/^ok/) {
		passed++
	} else {
		fail($0)
		failing = 1
	}
	next
}
/^Bail out!/ {
	fail($0)
	next
}
/^## exit [0-9]+ after/ {
	code = $3
	next
}
failing && /^#/ && !/^# (not )?ok / {
	failing++
	if (failing < 12)
		told = told "      " $0 "\n"
	else if (failing == 12)
		told = told "      # ...\n"
}
END {
	if (code < 0)
		fail("was not run to its end")
	else if (code >= 124)
		fail("died with status " code (code == 124 ? ": time limit" : ""))
	else if (code != 0 && failed == 0)
		fail("exit status " code " though every test passed")
	if (plans == 0)
		fail("no plan (1..N)")
	else if (planned != results)
		fail("planned " planned " tests and told of " results + 0)
	if (results == 0 && planned == 0)
		fail("no test at all")
	printf "%d %d %d\n%s", passed, failed, all ? 0 : skipped, told
}
