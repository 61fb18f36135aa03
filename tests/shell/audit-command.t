#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# audit-command.t - `cordon audit`: records are read, filtered and proved, and a changed byte is told with its place.
. "$(dirname "$0")/cordon.sh"

try cordon audit tail
status "no log yet is a failure, not a crash" 1
for i in 1 2 3; do cordon run no-such-tool >/dev/null 2>&1; done
CORDON_SESSION=mine cordon run other-tool --arg a=1 >/dev/null 2>&1

try cordon audit tail -n 2
status "tail is no error" 0
test "$(wc -l <"$work/out")" -eq 2
ok "tail -n 2 prints two" $?
try cordon audit tail --json -n 1
holds "tail --json is one object a line" '.kind == "outcome" and (.index | type) == "number" and .status == 3'
index=$(jq .index <"$work/out")
call=$(jq -r .call <"$work/out")
try cordon audit show "$index" --json
holds "show finds a record by its number" ".call == \"$call\""
try cordon audit show "$call" --json
test "$(wc -l <"$work/out")" -eq 2
ok "show finds intent and outcome by the call" $?
try cordon audit show "$call"
prints "show prints for people, too" '"tool": "other-tool"'
prints "the arguments are there with their digest" '"sha256"'
try cordon audit show 999999
status "show of a record that is not there" 1
try cordon audit show nonesuch
status "show of a call that is not there" 1

try cordon audit query --tool no-such-tool --json
test "$(wc -l <"$work/out")" -eq 6
ok "query --tool finds intents and their outcomes" $?
try cordon audit query --session mine --json
test "$(wc -l <"$work/out")" -eq 2
ok "query --session finds both" $?
try cordon audit query --effect deny --kind intent --json
test "$(wc -l <"$work/out")" -eq 4
ok "query --effect and --kind" $?
try cordon audit query --effect allow --json
test ! -s "$work/out"
ok "nothing was allowed" $?
try cordon audit query --since 2000-01-01 --kind intent --json
test "$(wc -l <"$work/out")" -eq 4
ok "query --since a date" $?
try cordon audit query --since 2999-01-01 --json
test ! -s "$work/out"
ok "and none in the future" $?
try cordon audit query --since 10m --kind intent --json
test "$(wc -l <"$work/out")" -eq 4
ok "query --since a while ago" $?

# A model's names and arguments may be anything.
long=$(head -c 60000 /dev/zero | tr '\0' 'x')
try cordon run "$long" --args "{\"a\": \"$long\"}"
status "a name of 60,000 bytes is denied" 3
try cordon audit tail -n 2 --json
head -n 1 "$work/out" >"$work/one" && mv "$work/one" "$work/out"
holds "and recorded, cut" '(.tool | length) <= 256 and .args.truncated and (.args.text | length) <= 4096 and .args.bytes > 60000'
head -c 10000000 /dev/zero | tr '\0' 'y' | sed 's/^/{"a":"/; s/$/"}/' >"$work/big.json"
try cordon run none --args "@$work/big.json"
status "arguments of 10 MB are denied" 3
quotes=$(printf '%4000s' '' | sed 's/ /\\u0001/g')
try cordon run none --args "{\"a\": \"$quotes\"}"
status "arguments that are all escapes still fit into a record" 3

try cordon audit verify --json
status "verify is no error" 0
holds "the log is intact" '.intact and .size > 0 and .unknown_outcome == 0 and .fault == null and (.root | length) == 64'
key=$(jq -r .key <"$work/out")
try cordon audit verify --vkey "$key"
status "verify with the right key" 0
cp -a "$CORDON_DATA/audit" "$work/copy"
file=$(find "$work/copy/tile/entries" -type f 2>/dev/null | head -n 1)
[ -n "$file" ] || file=$(find "$work/copy" -name 'wal-*' -size +0 | head -n 1)
printf X | dd of="$file" bs=1 seek=100 conv=notrunc 2>/dev/null
try cordon audit verify --dir "$work/copy"
status "a changed byte is status 1" 1
says "and is told" "does not hold"
try cordon audit verify --dir "$work/copy" --json
holds "in JSON, too" '(.intact | not) and (.fault | length) > 0'
try cordon audit verify --dir "$work/nowhere"
status "a folder that is not there is status 1" 1
for i in 1 2 3 4 5 6 7 8 9 10; do # the writer ends by itself
	[ -e "$CORDON_DATA/audit/socket" ] && sleep 1
done
chmod a-w "$CORDON_DATA/audit"
if [ "$(id -u)" -ne 0 ]; then
	try cordon run none
	status "a log that cannot be written refuses the call" 2
fi
chmod u+w "$CORDON_DATA/audit"
finish
