#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# processes.t - each program links what its row of docs/ARCHITECTURE.md says, and is hardened.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
count=0
ok() { # ok NAME STATUS
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
rows=$(sed -n '/<!-- processes -->/,/<!-- end processes -->/s/^| `\([a-z-]*\)` | \([^|]*\) |.*/\1 \2/p' "$root/docs/ARCHITECTURE.md")
test "$(printf '%s\n' "$rows" | wc -l)" -eq "$(sed -n 's/^PROGRAMS := //p' "$root/Makefile" | wc -w)"
ok "every program has a row" $?
while read -r program allowed; do
	file=$CORDON_BUILD/$program
	if [ "${allowed#nothing}" != "$allowed" ]; then
		! LC_ALL=C readelf -d "$file" | grep -q NEEDED
		ok "$program links nothing" $?
	else
		extra=''
		# A sanitizer's build links its own libraries, which are not the program's.
		for library in $(LC_ALL=C ldd "$file" | sed -n 's/^[[:space:]]*\([a-z0-9_.+-]*\)\.so.*/\1/p'); do
			case $library in libc | libm | libdl | libpthread | librt | linux-vdso | ld-linux-* | libasan | libubsan | libgcc_s | libstdc++) continue ;; esac
			case " $allowed " in *" $library "*) ;; *) extra="$extra $library" ;; esac
		done
		test -z "$extra"
		ok "$program links nothing beyond its row${extra:+, but$extra}" $?
		for library in $allowed; do
			LC_ALL=C readelf -d "$file" | grep -q "NEEDED.*\[$library\.so"
			ok "$program links $library, as its row says" $?
		done
		LC_ALL=C readelf -d "$file" | grep -q 'BIND_NOW\|NOW' && LC_ALL=C readelf -h "$file" | grep -q 'Type:.*DYN'
		ok "$program is position-independent and bound at the start" $?
	fi
	LC_ALL=C readelf -lW "$file" | grep GNU_STACK | grep -q 'RW '
	ok "$program has a stack that is not executable" $?
done <<ROWS
$rows
ROWS
echo "1..$count"
