#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# demo.sh BUILD - Cordon's main job, start to end, on this machine's own documentation and a few poisoned pages. Everything
# it makes lies in one temporary folder and is removed at the end.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cordon=$(cd "${1:-$here/../build/release}" && pwd)/cordon
work=$(mktemp -d /var/tmp/cordon-demo.XXXXXX)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home CORDON_DATA=$work/data CORDON_SESSION=demo
mkdir -p "$HOME" "$work/space"
cd "$work" || exit 1

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
step() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
show() { printf '%s$ %s%s\n' "$bold" "$(printf '%s ' "${@/#$cordon/cordon}")" "$plain"; "$@"; local status=$?; printf '   (exit status %s)\n' $status; return $status; }
broken() { printf '\ndemo: %s\n' "$*" >&2; exit 1; }
expect() { [ "$1" = "$2" ] || broken "$3: exit status $1, where $2 was due"; }

profile='read: ["${workspace}"]'
if ! "$cordon" exec --workspace "$work/space" -- /bin/true 2>"$work/why"; then
	printf 'This machine has no namespaces, so this runs on rung 3: files, network, kernel surface and per-process limits hold;\na private /tmp, a hidden process list and limits of the whole tree do not. (%s)\n' "$(head -n 1 "$work/why")"
	profile="$profile, allow-missing: [namespaces]"
fi
cat >cordon.yaml <<YAML
version: 1
workspace: space
profiles:
  reader: {$profile, limits: {wall: 10s, cpu: 5s, memory: 256M, pids: 64, output: 1M, disk: 64M}}
tools:
  grep:
    description: Lines of the workspace's files that match a pattern.
    run: [/usr/bin/grep, -rn, --, "{pattern}", "{path}"]
    ok-exit: [0, 1]
    profile: reader
    args:
      pattern: {type: string, maxLength: 200}
      path: {type: string, under: "\${workspace}"}
    marks: [reads-private]
  script:
    description: Runs a shell script of the operator's; here, what an attacker would run.
    run: [/bin/bash, -c, "{text}"]
    profile: reader
    args: {text: {type: string, maxLength: 4000, argv: option}}
  search: {store: search, args: {query: {type: string, maxLength: 400}}, marks: [reads-untrusted]}
tests:
  - {call: grep, with: {pattern: x, path: "../../etc/passwd"}, expect: deny}
YAML
printf 'Meeting notes\nThe budget for the garden is 4,200.\n' >space/notes.txt

step "1. The config is ours: approve it, check it (its own tests are run)"
show "$cordon" trust; expect $? 0 trust
show "$cordon" check; expect $? 0 check

step "2. Index this machine's own documentation, and a folder of pages of which some are poisoned"
sources=()
budget=36864 # KiB on disk, much of it compressed: a machine with everything installed would take many minutes
for folder in /usr/share/common-licenses /usr/share/perl /usr/share/doc/*/; do
	[ -d "$folder" ] && [ ! -L "${folder%/}" ] || continue
	size=$(du -sk "$folder" | cut -f1)
	[ "$size" -le "$budget" ] && budget=$((budget - size)) && sources+=("$folder")
done
printf '(%s folders of /usr/share/doc and the like)\n' "${#sources[@]}"
"$cordon" index --collection system "${sources[@]}" 2>"$work/complaints"; expect $? 0 "index of the documentation"
show "$cordon" index --collection pages "$here/corpus/pages"; expect $? 0 "index of the pages"

step "3. Search it: passages come with source, trust and verdict, in a fence that their own bytes cannot forge"
show "$cordon" search -k 2 "how do I report a bug in a package"; expect $? 0 search
show "$cordon" search -k 1 --collection pages "opening hours"; expect $? 0 search

step "4. What the shield held back, and why: it is in no result"
show "$cordon" quarantine list; expect $? 0 quarantine
"$cordon" quarantine list --json | grep -q instruction || broken "no poisoned page was held back"

step "5. An allowed call"
show "$cordon" run grep --arg pattern=budget --arg path=notes.txt; expect $? 0 "the allowed call"

step "6. The same tool, asked for a file that is not the workspace's"
show "$cordon" run grep --arg pattern=root --arg path=/etc/shadow; expect $? 3 "the denied call"
show "$cordon" explain grep --args '{"pattern":"root","path":"/etc/shadow"}'; expect $? 3 explain

step "7. A tool that an attacker has taken over: /etc/shadow, the network, a fork bomb"
show "$cordon" run script --arg text='cat /etc/shadow'; expect $? 1 "reading /etc/shadow"
show "$cordon" run script --arg text='exec 3<>/dev/tcp/127.0.0.1/80 && echo connected'; expect $? 1 "the network"
show "$cordon" run script --arg text='bomb() { bomb | bomb & }; bomb; sleep 3; exit 9' 2>&1 | tail -n 6; status=${PIPESTATUS[0]}
expect "$status" 1 "the fork bomb"

step "8. All of it is on the log, decided and done"
show "$cordon" audit tail -n 12; expect $? 0 "audit tail"
show "$cordon" audit verify; expect $? 0 "audit verify"

step "9. And the log cannot be changed quietly: one byte is flipped in a copy"
cp -r "$work/data/audit" "$work/copy"
entries=$(find "$work/copy/tile/entries" -type f | sort | head -n 1)
[ -n "$entries" ] || broken "the log has no entries"
at=$(grep -abo '"tool"' "$entries" | head -n 1 | cut -d: -f1)
printf 'X' | dd of="$entries" bs=1 seek="$((at + 2))" conv=notrunc status=none
show "$cordon" audit verify --dir "$work/copy"; expect $? 1 "audit verify of the changed copy"

printf '\n%sDone.%s Everything above ran on this machine for real; nothing of it is left behind.\n' "$bold" "$plain"
