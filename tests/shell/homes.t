#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# homes.t - each command, program and config section has one folder in docs/ARCHITECTURE.md, and one without a home is found.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
ok() { # ok NAME STATUS
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
# shellcheck disable=SC2046
"$root/tests/lint/homes.sh" $("$CORDON_BUILD/cordon" --complete) | sed 's/^/# /' >"$work/out"
cat "$work/out"
test ! -s "$work/out"
ok "all have a home" $?
! "$root/tests/lint/homes.sh" no-such-command >/dev/null
ok "a command without one is found" $?
for gone in 'program `cordon-log`' 'key `version`' 'command `scan`'; do
	grep -vF "$gone" "$root/docs/ARCHITECTURE.md" >"$work/document"
	! HOMES=$work/document "$root/tests/lint/homes.sh" >/dev/null
	ok "without the row of $gone it fails" $?
done
sed 's/`shield` |$/`nowhere` |/' "$root/docs/ARCHITECTURE.md" >"$work/document"
! HOMES=$work/document "$root/tests/lint/homes.sh" >/dev/null
ok "a home that is no folder is found" $?
missing=$(for command in $("$CORDON_BUILD/cordon" --complete); do [ -f "$root/sandbox/cli/cmd_$command.c" ] || echo "$command"; done)
echo "# without a door of their own: ${missing:-none}"
echo "1..$count"
