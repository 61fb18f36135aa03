#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# exec.t - `cordon exec`: the program's own status, or one that tells what ended it; a clean environment; a whole record.
. "$(dirname "$0")/cordon.sh"
workspace=$work/ws

if [ "$(cordon doctor --json | jq -r .rung)" = 0 ]; then
	echo "1..0 # SKIP this machine has no rung"
	exit 0
fi
missing=
[ "$(cordon doctor --json | jq -r .rung)" = 3 ] && missing=', allow-missing: [namespaces]'
cat >"$work/tool.yaml" <<YAML
version: 1
profiles:
  tool: {write: ["\${workspace}"]$missing}
  short: {write: ["\${workspace}"], limits: {wall: 1s}$missing}
  lazy: {write: ["\${workspace}"], limits: {cpu: 1s, wall: 60s}$missing}
YAML
exec_in() { try cordon exec --config "$work/tool.yaml" "$@"; }

# ---- statuses ----
exec_in -- true
status "0 is 0" 0
exec_in -- sh -c 'exit 7'
status "7 is 7" 7
exec_in -- sh -c 'kill -TERM $$'
status "a signal is 128 and its number" 143
exec_in -- sh -c 'kill -ABRT $$'
status "SIGABRT is 134" 134
exec_in -- no-such-program
status "what is not there is 127" 127
says "and is named" "no-such-program"
printf '#!/bin/sh\n' >"$work/outside" && chmod 755 "$work/outside"
exec_in -- "$work/outside"
status "what is only outside is 127" 127
says "and it is told so" "only outside"
printf 'x' >plain && chmod 644 plain
exec_in -- ./plain
status "what is no program is 126" 126
exec_in --profile lazy -- sh -c 'while :; do :; done'
status "the cpu limit is 137" 137
exec_in --profile short -- sleep 60
status "the wall limit is 124" 124
exec_in -- sh -c 'yes | head -c 3000000'
status "the output limit is 137" 137
exec_in --profile nobody -- true
status "an unknown profile is 125" 125
says "and is named" "'nobody'"
exec_in --report /nonexistent/report -- touch ran
status "a report that cannot be opened is 125" 125
test ! -e ran
ok "and nothing ran" $?
try cordon exec --config /nonexistent.yaml -- touch ran
status "a config that cannot be read is 125" 125
test ! -e ran
ok "and nothing ran for it" $?
try env CORDON_DATA="$work/plain-file" sh -c 'echo x >"$CORDON_DATA"; exec cordon exec -- touch ran'
status "a log that cannot be written is 125" 125
test ! -e ran
ok "and nothing ran unrecorded" $?

# ---- the object ----
exec_in --json -- sh -c 'echo out; echo err >&2; exit 3'
status "--json keeps the status" 3
holds "the object has DESIGN's keys in order" '(keys_unsorted[0:12]) == ["exit","signal","reason","wall_ms","cpu_ms","max_rss_kb","stdout","stderr","truncated","rung","missing","denied"]'
holds "with the program's output" '.exit == 3 and .signal == null and .reason == "exited" and .stdout == "out\n" and .stderr == "err\n"'
holds "and its places on the log" '.audit.intent + 1 == .audit.outcome'
test -z "$err"
ok "and stderr is empty" $?
exec_in --json -- sh -c 'kill -KILL $$'
holds "exit is null where a signal ended it" '.exit == null and .signal == "SIGKILL" and .reason == "signal"'
exec_in --json -- sh -c 'printf "a\377b"'
holds "bytes that are no text are U+FFFD, and exact in base64" '.stdout == "a\ufffdb" and .stdout_base64 == "Yf9i"'
exec_in --profile short --json -- sleep 60
holds "a limit has its reason" '.reason == "wall" and .exit == null'
exec_in --report report.json -- sh -c 'echo hi; echo ho >&2; exit 4'
status "--report keeps the status" 4
prints "output is copied as well" hi
says "stderr too" ho
jq -e '.stdout == "hi\n" and .stderr == "ho\n" and .exit == 4' report.json >/dev/null
ok "the report is the same object" $?

# ---- inside ----
export LANG=C.UTF-8 TERM=dumb TZ=UTC SECRET_OF_MINE=1
exec_in -- env
test "$(sort "$work/out" | cut -d= -f1 | grep -v -e '^PWD$' -e '^_$' | tr '\n' ' ')" = "HOME LANG PATH TERM TMPDIR TZ "
ok "the environment is made from nothing" $?
prints "PATH is the inside one" "PATH=/usr/local/bin:/usr/bin:/bin"
exec_in -- pwd
prints "the working folder is the caller's where it is shown" "$workspace"
mkdir -p "$work/elsewhere" && (cd "$work/elsewhere" && cordon exec --config "$work/tool.yaml" --workspace "$workspace" -- pwd) >"$work/out" 2>"$work/err"
status=$? out=$(cat "$work/out") err=$(cat "$work/err")
prints "else the workspace" "$workspace"
echo "from stdin" | cordon exec --config "$work/tool.yaml" -- cat >"$work/out" 2>"$work/err"
status=$? out=$(cat "$work/out") err=$(cat "$work/err")
prints "stdin passes through" "from stdin"
exec_in -- cat "$CORDON_DATA/state.db" "$CORDON_DATA/audit/key"
ok "the data folder is not there" "$((status == 0))"
CORDON_DATA=$workspace/data exec_in --workspace "$workspace" -- ls
status "a workspace that holds the data folder is refused" 125
exec_in --workspace / -- true
status "the root is no workspace" 125
exec_in --workspace "$HOME" -- true
status "the home folder is no workspace" 125

# ---- signals ----
cordon exec --config "$work/tool.yaml" -- sleep 30 >"$work/out" 2>"$work/err" &
pid=$!
sleep 1
kill -TERM "$pid"
wait "$pid"
status=$?
status "TERM is forwarded" 143
cordon exec --config "$work/tool.yaml" --json -- sh -c 'trap "" TERM; sleep 30; sleep 30' >"$work/out" 2>"$work/err" &
pid=$!
sleep 1
begun=$(date +%s)
kill -TERM "$pid"
wait "$pid"
test $(($(date +%s) - begun)) -le 4
ok "a tree that ignores it is killed 2 s later" $?
holds "and the outcome says so" '.reason == "cancelled" or .signal == "SIGKILL"'

# ---- the record ----
before=$(cordon audit query --kind intent --json | wc -l)
exec_in -- true
test "$(cordon audit query --kind intent --json | wc -l)" -eq $((before + 1))
ok "each exec is one intent" $?
try cordon audit tail -n 1 --json
holds "and one outcome" '.kind == "outcome" and .status == 0 and .outcome.reason == "exited"'
cordon exec --config "$work/tool.yaml" -- sleep 5 2>/dev/null &
pid=$!
sleep 1
kill -KILL "$pid"
wait "$pid" 2>/dev/null
exec_in -- true
says "the start after a crash tells the call without an outcome" "has no outcome"
exec_in -- true
test -z "$err"
ok "and the next one does not tell it again" $?
cordon exec --config "$work/tool.yaml" -- sleep 2 &
pid=$!
sleep 0.5
exec_in -- true
test -z "$err"
ok "a call that still runs is no crash" $?
wait "$pid"
try cordon audit verify
status "the log holds after all this" 0
finish
