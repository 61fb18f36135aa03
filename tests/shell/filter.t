#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The filters as libseccomp prints them, held against tests/golden/filter-ARCH-KIND.pfc, so that no change of the table
# goes unseen. The text is that of libseccomp 2.5; another version is skipped. CORDON_UPDATE=1 writes the golden files.
gen=${CORDON_BUILD:?the build folder}/filter_gen
golden=$(dirname "$0")/../golden
echo 1..4
n=0
for arch in x86_64 aarch64; do
	version=$("$gen" c $arch | sed -n '1s/.*libseccomp \([0-9]*\.[0-9]*\).*/\1/p')
	for kind in inside bare; do
		n=$((n + 1))
		file=$golden/filter-$arch-$kind.pfc
		[ -z "${CORDON_UPDATE:-}" ] || "$gen" pfc $arch $kind >"$file"
		if [ "$version" != 2.5 ]; then
			echo "ok $n - the $kind filter of $arch # SKIP golden text is of libseccomp 2.5, here is ${version:-none}"
		elif "$gen" pfc $arch $kind | diff -u "$file" - >&2; then
			echo "ok $n - the $kind filter of $arch is the one that was read"
		else
			echo "not ok $n - the $kind filter of $arch is not the one that was read (CORDON_UPDATE=1 after reading)"
		fi
	done
done
