#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage.t - every command has help from its table; what is not in a table is refused with the nearest name.
. "$(dirname "$0")/cordon.sh"
root=$(cd "$(dirname "$0")/../.." 2>/dev/null && pwd) || root=$OLDPWD

commands=$(cordon --complete)
try cordon --version
status "--version is no error" 0
prints "--version tells the version" "cordon 0."
try cordon --help
status "--help is no error" 0
for command in $commands; do
	grep -q "^  $command " "$work/out"
	ok "--help lists $command" $?
done
for word in learn eval proxy hook serve; do
	! grep -q "^  $word " "$work/out"
	ok "--help does not promise $word" $?
done
for command in $commands; do
	try cordon "$command" --help
	status "$command --help is no error" 0
	prints "$command --help has --json" "--json"
	for option in $(cordon --complete "$command"); do
		case $out in *"  $option"*) ;; *) ok "$command --help has $option" 1 ;; esac
	done
	try cordon "$command" --no-such-option
	wanted=2
	[ "$command" = exec ] && wanted=125
	status "$command refuses an unknown option" "$wanted"
	says "$command names the option" "--no-such-option"
	try cordon "$command" --jso
	says "$command names the nearest option" "did you mean '--json'"
	try cordon "$command" --config
	status "$command: an option without its value" "$wanted"
	try cordon "$command" --json --json
	status "$command: an option given twice" "$wanted"
done
try cordon
status "no command at all" 2
try cordon chekc
status "an unknown command" 2
says "it names the nearest" "did you mean 'check'"
try cordon "$(printf 'a\033[2Jb')"
status "a command of control characters" 2
try cordon run
status "run without a tool" 2
try cordon run a b
status "run with two tools" 2
says "it names the second" "'b'"
try cordon exec
status "exec without a program" 125
try cordon search
status "search without a query" 2
try cordon search -k 0 x
status "search for no hits" 2
try cordon search --trec x
status "--trec without --queries" 2
try cordon scan --format pdf -
status "scan in an unknown format" 2
try cordon scan --fail-on never -
status "scan with an unknown --fail-on" 2
try cordon index --trust best .
status "index with an unknown trust" 2
says "it names the known ones" "own, trusted or untrusted"
try cordon index https://example.com/
status "index of a URL is refused, not ignored" 2
try cordon quarantine eat 1
status "an unknown action of quarantine" 2
try cordon quarantine show x
status "a document that is no number" 2
try cordon audit tali
status "an unknown action of audit" 2
says "it names the nearest" "did you mean tail"
try cordon audit query --since yesterday
status "a time that is none" 2
try cordon tools --format cobol
status "an unknown dialect" 2
try cordon init --agent hal
status "an unknown agent" 2
test ! -e cordon.yaml
ok "and nothing is written for it" $?
try sh -c 'cordon --help >/dev/full'
status "an output that cannot be written is an error" 1
finish
