# SPDX-License-Identifier: Apache-2.0
# cordon.sh - what the suites of the command line share: a home of their own, TAP, and a look at one command.
#
#   try cordon run grep ...     runs it; its status, stdout and stderr are in $status, $out, $err
#   status NAME 3               the status was 3
#   says NAME WORDS             stderr holds the words
#   prints NAME WORDS           stdout holds the words
#   holds NAME 'jq filter'      stdout is JSON for which the filter is true
set -u
if [ -z "${CORDON_BUILD:-}" ] || [ ! -x "$CORDON_BUILD/cordon" ]; then
	echo "Bail out! CORDON_BUILD is not a folder with cordon in it"
	exit 1
fi
PATH=$CORDON_BUILD:$PATH
work=$(mktemp -d /var/tmp/cordon-test.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/home" "$work/ws"
export HOME="$work/home" CORDON_DATA="$work/data" PATH
unset CORDON_SESSION XDG_CONFIG_HOME XDG_DATA_HOME NO_COLOR 2>/dev/null || true
cd "$work/ws" || exit 1
count=0

ok() { # ok NAME STATUS
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
try() {
	"$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	out=$(tr -d '\000' <"$work/out")
	err=$(tr -d '\000' <"$work/err")
}
explain_failure() {
	printf '# status %s\n' "$status"
	head -c 600 "$work/out" | sed 's/^/# out: /'
	echo
	head -c 600 "$work/err" | sed 's/^/# err: /'
	echo
}
status() { # status NAME WANTED
	if [ "$status" = "$2" ]; then ok "$1" 0; else ok "$1 (status $2)" 1 && explain_failure; fi
}
says() {
	case $err in *"$2"*) ok "$1" 0 ;; *) ok "$1 (stderr has '$2')" 1 && explain_failure ;; esac
}
prints() {
	case $out in *"$2"*) ok "$1" 0 ;; *) ok "$1 (stdout has '$2')" 1 && explain_failure ;; esac
}
holds() {
	if jq -e "$2" >/dev/null 2>&1 <"$work/out"; then ok "$1" 0; else ok "$1: $2" 1 && explain_failure; fi
}
finish() {
	echo "1..$count"
}
if ! command -v jq >/dev/null; then
	echo "1..0 # SKIP jq is not installed"
	exit 0
fi
