#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# manual.t - the man pages and the option tables say the same, and mandoc finds no fault in a page.
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/cordon.sh"
pages=$root/docs/man

for command in $(cordon --complete); do
	page=$pages/cordon-$command.1
	test -f "$page"
	ok "$command has a page" $?
	cordon --complete "$command" | sort >"$work/table"
	sed -n 's/^\.It Fl \([^ ]*\).*/-\1/p' "$page" 2>/dev/null | sort >"$work/page"
	cmp -s "$work/table" "$work/page"
	ok "$command: page and table list the same options" $?
	grep -q "^\.Xr cordon-$command 1" "$pages/cordon.1" && grep -q "^\.It Cm $command$" "$pages/cordon.1"
	ok "cordon.1 names $command" $?
	cordon "$command" --help | sed -n '2s/\.$//p' | tr 'A-Z;' 'a-z,' >"$work/table"
	sed -n 's/^\.Nd //p' "$page" | tr 'A-Z;' 'a-z,' >"$work/page"
	cmp -s "$work/table" "$work/page"
	ok "$command: page and help say what it does in the same words" $?
done
for page in "$pages"/cordon-*.1; do
	command=$(basename "$page" .1)
	cordon --complete | grep -qx "${command#cordon-}"
	ok "$(basename "$page") is of a command that exists" $?
done
if command -v mandoc >/dev/null; then
	cd "$pages" || exit 1 # mandoc looks for the pages that are referred to here
	for page in *.1; do
		mandoc -Tlint -W style "$page" >"$work/lint" 2>&1
		test ! -s "$work/lint"
		ok "$(basename "$page") is without a fault" $?
	done
fi
finish
