#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check.t - `cordon check`, `trust` and `init`: a fault is 2 with file and line; what init writes works at once.
. "$(dirname "$0")/cordon.sh"

faulty() { # faulty NAME WORDS, the config on stdin
	cat >"$work/bad.yaml"
	try cordon check --config "$work/bad.yaml"
	status "$1" 2
	says "$1: the message has '$2'" "$2"
}
faulty "an empty file" "version" <<'Y'
Y
faulty "an unknown key names the nearest" "bad.yaml:2" <<'Y'
version: 1
tolls: {}
Y
faulty "a key twice" "bad.yaml:3" <<'Y'
version: 1
tools: {}
tools: {}
Y
faulty "broken YAML" "bad.yaml" <<'Y'
version: 1
tools: {a: [
Y
faulty "an anchor" "bad.yaml:2" <<'Y'
version: 1
tools: &a {}
Y
faulty "a section that this build does not enforce" "servers" <<'Y'
version: 1
servers: {files: {command: [node]}}
Y
faulty "a size without a unit" "bad.yaml" <<'Y'
version: 1
profiles: {p: {limits: {memory: 64}}}
Y
faulty "an octal number" "bad.yaml" <<'Y'
version: 01
Y
faulty "a test of its own that fails" "bad.yaml" <<'Y'
version: 1
tools: {t: {run: [/bin/true], args: {}}}
tests: [{call: t, with: {}, expect: deny}]
Y
printf 'version: 1\ntools: {a: "\377"}\n' >"$work/bad.yaml"
try cordon check --config "$work/bad.yaml"
status "bytes that are no UTF-8" 2
try cordon check --config "$work/nowhere.yaml"
status "a file that is not there" 2
try cordon check --config "$work" --json
status "a folder" 2
holds "a fault in JSON" '.sound == false and (.fault | length) > 0'
mkfifo "$work/fifo"
try timeout 5 cordon check --config "$work/fifo"
status "a FIFO does not hang" 2

try cordon check --json
status "the built-in config is sound" 0
holds "it offers search and read" '.sound and .tools == 2 and (.revision | length) == 64 and .warnings == []'

printf 'version: 1\n' >cordon.yaml
try cordon check
status "a found config that nobody approved is 2" 2
says "and the command to type is told" "cordon trust"
try cordon exec -- true
status "exec does not use it either" 125
try cordon trust --json
holds "trust tells the digest" '.sha256 | length == 64'
try cordon check
status "an approved one is used" 0
printf '# more\n' >>cordon.yaml
try cordon check
status "one that was changed since is not" 2
chmod 666 cordon.yaml
cordon trust >/dev/null 2>&1
try cordon check
status "one that others may write is not" 2
rm cordon.yaml

try cordon init --agent claude-code
status "init writes a config" 0
prints "and how to register it" "claude mcp add cordon"
grep -q '^version: 1' cordon.yaml
ok "the file is there" $?
try cordon check
status "it is approved and sound" 0
try cordon init
status "init never writes over a config" 2
says "it says so" "there already"
echo needle >file.txt
try cordon run grep --arg pattern=needle --arg path=.
status "its grep works at once" 0
prints "and finds" "needle"
try cordon run list --arg path=.
status "its list works at once" 0
for agent in codex gemini; do
	rm cordon.yaml
	try cordon init --agent "$agent"
	prints "init --agent $agent" "cordon.yaml"
done
rm cordon.yaml
try cordon init --json
holds "init --json" '.sound and .tools >= 2'
finish
