#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# processes.t - the table of processes in docs/ARCHITECTURE.md, read off the programs (readelf, ldd) and off /proc while a call runs.
#
# A library counts by the name that the program asks for (its soname, less the version); what such a library brings along, which
# differs from one distribution to the next (libcrypto's libzstd), is the library's own affair. A cell's names after "late" are
# of libraries that the program loads when it needs them: it must not ask for them at its start.
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/shell/cordon.sh"
table=$(sed -n '/<!-- processes -->/,/<!-- end processes -->/s/^| `\([a-z-]*\)` | \([^|]*\) | \([^|]*\) |.*/\1|\2|\3/p' "$root/docs/ARCHITECTURE.md")
test "$(printf '%s\n' "$table" | wc -l)" -eq "$(sed -n 's/^PROGRAMS := //p' "$root/Makefile" | wc -w)"
ok "every program has a row" $?

# libc and libm have no cell of their own; a sanitizer's build links its own libraries, which are not the program's.
is_ground() {
	case $1 in libc | libm | linux-vdso | ld-linux* | libasan | libubsan | libgcc_s | libstdc++) return 0 ;; *) return 1 ;; esac
}
stems() { # stems: paths or names of libraries on stdin, without folder and version
	sed 's|^.*/||; s|\.so.*$||' | sort -u
}
needed() { # needed FILE: what it asks for itself
	LC_ALL=C readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' | stems
}
loaded() { # loaded FILE: what is loaded with it, one path a line
	LC_ALL=C ldd "$1" | sed -n 's/^[[:space:]]*\(.* => \)\{0,1\}\(\/[^ ]*\) (0x.*/\2/p'
}
eager() { echo "${1%%; late *}" | sed 's/^nothing$//'; } # eager CELL: what it is linked with
late() { case $1 in *'; late '*) echo "${1#*; late }" ;; esac; }
beyond() { # beyond CELL: which of the names on stdin are neither in the cell nor the ground's
	while read -r library; do
		case " $1 " in *" $library "*) continue ;; esac
		is_ground "$library" || printf ' %s' "$library"
	done
}
brought() { # brought CELL FILE: the names of what the cell's libraries need themselves
	loaded "$2" | while read -r path; do
		case " $1 " in *" $(echo "$path" | stems) "*) loaded "$path" ;; esac
	done | stems
}

# ---- as they lie there ----

while IFS='|' read -r program cell _; do
	file=$CORDON_BUILD/$program
	if [ "$cell" = 'nothing, static' ]; then
		! LC_ALL=C readelf -d "$file" | grep -q NEEDED && ! LC_ALL=C readelf -l "$file" | grep -q INTERP
		ok "$program links nothing" $?
	else
		extra=$(needed "$file" | beyond "$(eager "$cell")")
		test -z "$extra"
		ok "$program links nothing beyond its row${extra:+, but$extra}" $?
		for library in $(eager "$cell"); do
			needed "$file" | grep -qxF "$library"
			ok "$program links $library, as its row says" $?
		done
		for library in $(late "$cell"); do
			! loaded "$file" | stems | grep -qxF "$library" && grep -qF "$library.so." "$file"
			ok "$program loads $library when it needs it, as its row says" $?
		done
		extra=$(loaded "$file" | stems | beyond "$(eager "$cell") $(brought "$(eager "$cell")" "$file" | tr '\n' ' ')")
		test -n "$(loaded "$file")" && test -z "$extra"
		ok "nothing is loaded with $program but those and what they need${extra:+, but$extra}" $?
		LC_ALL=C readelf -d "$file" | grep -q 'BIND_NOW\|NOW' && LC_ALL=C readelf -h "$file" | grep -q 'Type:.*DYN'
		ok "$program is position-independent and bound at the start" $?
	fi
	LC_ALL=C readelf -lW "$file" | grep GNU_STACK | grep -q 'RW '
	ok "$program has a stack that is not executable" $?
done <<ROWS
$table
ROWS

# ---- a library that is to be loaded late, and is broken ----

broken() { # broken LIBRARY STATUS COMMAND...: it ends with that status and the library's name
	mkdir -p "$work/broken-$1"
	: >"$work/broken-$1/$(grep -aoE "$1\.so\.[0-9]+" "$CORDON_BUILD/cordon" | head -1)"
	library=$1 expected=$2
	shift 2
	LD_LIBRARY_PATH=$work/broken-$library CORDON_DATA=$work/late cordon "$@" >"$work/out" 2>"$work/err"
	status=$?
	[ $status -eq "$expected" ] && grep -q "^cordon: '$library\.so\.[0-9]*' cannot be used: .*install" "$work/err"
	ok "'cordon $1' says that $library cannot be used (status $status)" $?
}
CORDON_DATA=$work/late cordon exec --workspace "$work/ws" -- /bin/true # makes a log
broken libcrypto 2 audit verify
echo 'version: 1' >"$work/trusted.yaml"
broken libsqlite3 2 trust "$work/trusted.yaml"

# ---- while a call runs: an MCP server whose shield and store were needed, and a tool that sleeps ----

cat >"$work/cordon.yaml" <<'YAML'
version: 1
profiles:
  tool: {read: ["${workspace}"], limits: {wall: 5m}, allow-missing: [namespaces, landlock]}
tools:
  say: {run: [/bin/echo, hello], args: {}}
  nap: {run: [/bin/sleep, "271"], args: {}}
  search: {store: search, args: {query: {type: string}}}
YAML
echo 'a needle in a page' >"$work/page.txt"
# Root's tool runs as an unused id, or where there are no namespaces as the folder's owner, who is then to reach it.
[ "$(id -u)" = 0 ] && chmod 755 "$work" && chown 54321:54321 "$work/ws"
cordon index --config "$work/cordon.yaml" "$work/page.txt" >/dev/null
mkfifo "$work/in"
cordon mcp --config "$work/cordon.yaml" --workspace "$work/ws" <"$work/in" >"$work/answers" 2>"$work/complaints" &
server=$!
exec 9>"$work/in"
tool=''
finally() {
	exec 9>&-
	kill -9 "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	# Without namespaces the tool of a supervisor that was killed so lives on (DESIGN, rung 3).
	[ -n "$tool" ] && [ "$(tr '\000' ' ' 2>/dev/null <"/proc/$tool/cmdline")" = '/bin/sleep 271 ' ] && kill -9 "$tool"
	rm -rf "$work"
}
trap finally EXIT

within_a_minute() { # within_a_minute COMMAND...: waits until it is true
	tries=600
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
call() { printf '{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"%s","arguments":%s}}\n' "$1" "$2" "$3" >&9; }
has_answered() { jq -e "select(.id == $1)" "$work/answers" >/dev/null 2>&1; }
children() { cat "/proc/$1/task"/*/children 2>/dev/null; }
below() { # below PID: its children and theirs, one number a line
	for child in $(children "$1"); do
		echo "$child"
		below "$child"
	done
}
named() { # named NAME PID...: those of them that run it
	name=$1
	shift
	for one in "$@"; do [ "$(cat "/proc/$one/comm" 2>/dev/null)" = "$name" ] && echo "$one"; done
}
# shellcheck disable=SC2046
helpers() { named "$1" "$server" $(children "$server"); }
tool_runs() {
	# shellcheck disable=SC2046
	tool=$(named sleep $(below "$server"))
	[ -n "$tool" ] && [ "$(tr '\000' ' ' <"/proc/$tool/cmdline")" = '/bin/sleep 271 ' ]
}
echo '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}' >&9
call 2 say '{}'
within_a_minute has_answered 2
call 3 search '{"query":"needle"}'
within_a_minute has_answered 3 &&
	jq -e 'select(.id == 3) | .result.content[0].text | test("a needle in a page")' "$work/answers" >/dev/null
ok "the shield and the store have worked" $?
call 4 nap '{}'
within_a_minute tool_runs
ok "a tool runs" $?

# What a process shows of itself, $pid. The confined programs are not dumpable: more than their status is seen by root alone.
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status" 2>/dev/null; }
is_open() { readlink "/proc/$pid/fd/3" >/dev/null 2>&1 && [ -n "$(cat "/proc/$pid/maps" 2>/dev/null)" ]; }
is_closed() { is_mine && ! is_open; } # closed even to the user that it runs as
mapped() { awk '$6 ~ /\.so/ { print $6 }' "/proc/$pid/maps" | stems; }
targets() { for fd in /proc/"$pid"/fd/*; do readlink "$fd"; done; }
is_local() { # each socket that it has is an AF_UNIX one
	for inode in $(targets | sed -n 's/^socket:\[\(.*\)\]$/\1/p'); do
		cat "/proc/$pid/net/unix" /proc/self/net/unix | awk -v inode="$inode" '$7 == inode { found = 1 } END { exit !found }' || return 1
	done
}
holds() { targets | grep -qxE "$1"; } # holds 'extended expression'
holds_only() { ! targets | grep -qvxE "$1"; }
holds_none() { ! targets | grep -qxE "$1"; }
holds_one() { [ "$(targets | grep -cxE "$1")" -eq 1 ]; }
is_child() { [ "$(field PPid)" = "$1" ]; }
# Without namespaces root's launcher becomes nobody itself before it starts the tool.
is_launcher_of_mine() { is_mine || { [ "$rung" = 3 ] && is_not_root; }; }
is_mine() { [ "$(field Uid | tr '\t' '\n' | sort -u)" = "$(id -u)" ]; }
is_not_root() { ! field Uid | tr '\t' '\n' | grep -qx 0; }
is_filtered() { [ "$(field NoNewPrivs) $(field Seccomp)" = '1 2' ]; }
# Who is not root has none to begin with, and no right to empty the bounding set.
has_no_capability() {
	for which in CapInh CapPrm CapEff CapAmb; do [ -z "$(field $which | tr -d 0)" ] || return 1; done
	is_not_root || [ -z "$(field CapBnd | tr -d 0)" ]
}
has_no_environment() { [ "$(wc -c <"/proc/$pid/environ")" -eq 0 ]; }
brought_late() { # brought_late NAMES: what those of them need that are in its memory
	awk '$6 ~ /\.so/ { print $6 }' "/proc/$pid/maps" | sort -u | while read -r path; do
		case " $1 " in *" $(echo "$path" | stems) "*) loaded "$path" ;; esac
	done | stems
}
maps_its_row() { # maps_its_row CELL FILE
	[ -z "$(mapped | beyond "$(eager "$1") $(late "$1") $(brought "$(eager "$1")" "$2" | tr '\n' ' ') $(brought_late "$(late "$1")" | tr '\n' ' ')")" ] || return 1
	for library in $(eager "$1"); do mapped | grep -qxF "$library" || return 1; done
}
maps_nothing() { [ "$(wc -l <"/proc/$pid/maps")" -gt 0 ] && [ -z "$(mapped)" ]; }
is_apart() { # is_apart KIND...: has namespaces of its own
	for kind in "$@"; do [ "$(readlink "/proc/$pid/ns/$kind")" != "$(readlink "/proc/$$/ns/$kind")" ] || return 1; done
}
each() { # each NAME 'PID...' COMMAND...: true of all of them, of which there is one at least
	name=$1 pids=$2 rc=0
	shift 2
	[ -n "$pids" ] || rc=1
	for pid in $pids; do "$@" || rc=1; done
	ok "$name" $rc
}
each_seen() { # the same of what is seen of a confined program by root alone; for others, that they cannot see it is proved
	pid=${2%%[!0-9]*}
	if is_open; then each "$@"; else each "$1 (closed to its user)" "$2" is_closed; fi
}

rung=$(cordon doctor --json 2>/dev/null | jq .rung)
log=$work/data/audit
while IFS='|' read -r program cell starter; do
	pids=$(helpers "$program")
	case $starter in
	'`cordon`'*) each "$program was started by cordon" "$pids" is_child "$server" ;;
	*) each "$program was started by its user" "$pids" is_child $$ ;;
	esac
	each "$program runs as its caller" "$pids" "$([ "$program" = cordon-launch ] && echo is_launcher_of_mine || echo is_mine)"
	each_seen "$program has no socket of a network" "$pids" is_local
	if [ "$cell" = 'nothing, static' ]; then
		each_seen "$program has no library in its memory" "$pids" maps_nothing
	else
		each_seen "$program has the libraries of its row in its memory, and no other" "$pids" maps_its_row "$cell" "$CORDON_BUILD/$program"
	fi
	[ "$program" = cordon-log ] || each_seen "$program has nothing of the log open" "$pids" holds_none "$log.*"
	[ "$program" = cordon ] && continue
	each_seen "$program has an empty environment" "$pids" has_no_environment
	[ "$program" = cordon-launch ] && continue # it makes the sandbox, with what rights its caller has
	each "$program can gain no privilege and has a filter" "$pids" is_filtered
	each "$program has no capability" "$pids" has_no_capability
done <<ROWS
$table
ROWS
each_seen "cordon-log has the log open" "$(helpers cordon-log)" holds "$log(/.*)?"
each_seen "and nothing else but channels" "$(helpers cordon-log)" holds_only "/dev/null|socket:.*|anon_inode:\[signalfd\]|$log(/.*)?"
each_seen "cordon-store has the store open" "$(helpers cordon-store)" holds "$work/data/store\.db"
each_seen "and nothing else but its channel" "$(helpers cordon-store)" holds_only "/dev/null|socket:.*|$work/data/store\.db(-wal|-shm)?"
each_seen "cordon-shield has no file open" "$(helpers cordon-shield)" holds_only '/dev/null|socket:.*'
each_seen "and one channel" "$(helpers cordon-shield)" holds_one 'socket:.*'
bounded() { awk '/^Max (address space|file size|core file size)/ && $(NF - 1) == "unlimited" { exit 1 }' "/proc/$pid/limits"; }
each "cordon-shield's memory and files are bounded" "$(helpers cordon-shield)" bounded

# ---- the tool: the launcher's, as nobody else is ----

inside=$(below "$(helpers cordon-launch)")
test "$(below "$server" | sort)" = "$({ children "$server" | tr ' ' '\n' | grep .; echo "$inside"; } | sort)"
ok "only the launcher has children of its own" $?
case " $(echo "$inside" | tr '\n' ' ') " in *" $tool "*) ok "the tool is one" 0 ;; *) ok "the tool is one" 1 ;; esac
each "it can gain no privilege and has a filter" "$tool" is_filtered
each "it has no capability" "$tool" has_no_capability
each "it has no file of Cordon's open, and no channel" "$tool" holds_only '/dev/null|pipe:.*'
if [ "$(id -u)" = 0 ]; then each "it is not root" "$tool" is_not_root; else each "it is its caller" "$tool" is_mine; fi
case $rung in
1 | 2) each "on rung $rung it has namespaces of its own" "$tool" is_apart user mnt pid net ipc uts ;;
3) each "on rung 3 it has its caller's" "$tool" eval '! is_apart user' ;;
*) ok "the rung is told ('$rung')" 1 ;;
esac

# ---- one a log folder, one a client ----

cordon run say --config "$work/cordon.yaml" --workspace "$work/ws" --session other >/dev/null 2>&1
ok "another supervisor's call runs beside it" $?
writers() { # of this log
	for one in /proc/[0-9]*; do
		[ "$(tr '\000' ' ' 2>/dev/null <"$one/cmdline")" = "cordon-log $log " ] && echo "${one#/proc/}"
	done
}
test "$(writers)" = "$(helpers cordon-log)"
ok "both have one log writer" $?

# ---- the end of the supervisor, by a signal that it cannot answer ----

remaining="$(helpers cordon-launch) $(helpers cordon-store) $(helpers cordon-shield)"
[ "$rung" = 3 ] || remaining="$tool $inside $remaining"
kill -9 "$server"
wait "$server" 2>/dev/null
are_gone() {
	for one in $remaining; do
		case $(cat "/proc/$one/comm" 2>/dev/null) in cordon-* | sleep) return 1 ;; esac # else its number is another's now
	done
}
within_a_minute are_gone
ok "its launcher, store and shield end with it, and on rungs 1 and 2 the tool" $?
finish
