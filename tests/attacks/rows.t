#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rows.t - every row of the jail names the attack that it stops, or fails closed; switch-off.sh shows that it is so.
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /var/tmp/cordon-rows.XXXXXX)
trap 'rm -rf "$work"' EXIT
count=0
ok() {
	count=$((count + 1))
	[ "$2" -eq 0 ] && echo "ok $count - $1" || echo "not ok $count - $1"
}
cd "$root" || exit 2
${CC:-cc} -D_GNU_SOURCE -I. -o "$work/rows" tests/attacks/switch/rows.c sandbox/jail/filter_table.c
ok "the rows can be listed" $?
"$work/rows" | sort -u >"$work/list"
test "$(wc -l <"$work/list")" -ge 100
ok "there are $(wc -l <"$work/list") rows" $?
cut -f 1 "$work/list" | sort | uniq -d >"$work/twice"
test ! -s "$work/twice"
ok "no name means two rows$(sed 's/^/, but /' "$work/twice" | tr -d '\n')" $?
lost=$(cut -f 2 "$work/list" | grep -vx -e - | sort -u | while read -r attack; do [ -f "tests/attacks/$attack.c" ] || printf ' %s' "$attack"; done)
test -z "$lost"
ok "every attack that a row names is there${lost:+, but for$lost}" $?
lost=$(cut -f 3 "$work/list" | tr ' ' '\n' | sort -u | while read -r name; do [ -z "$name" ] || cut -f 1 "$work/list" | grep -qxF "$name" || printf ' %s' "$name"; done)
test -z "$lost"
ok "what else holds an attack is a row, too${lost:+, but for$lost}" $?
while IFS='	' read -r name attack _; do
	test -n "$attack"
	ok "$name: $([ "$attack" = - ] && echo 'without it nothing runs' || echo "$attack")" $?
done <"$work/list"
asked=$(head -qn 1 tests/attacks/*.c | grep -cv '^/\* goal: .* | rungs: [123 ]* | user: \(any\|root\)')
test "$asked" -eq 1 # the victim
ok "every attack says its goal, its rungs and who" $?
goals=$(head -qn 1 tests/attacks/*.c | sed -n 's/.*goal: \([^|]*\) |.*/\1/p' | sort | uniq -d)
test -z "$goals"
ok "no two attacks have one goal${goals:+: $goals}" $?
echo "1..$count"
