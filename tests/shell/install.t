#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.t - `make install` below DESTDIR and below a PREFIX, as anybody; what is installed works, and uninstall takes it all.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /var/tmp/cordon-install.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
export HOME="$work/home" CORDON_DATA="$work/data"
mkdir -p "$HOME" "$work/ws"
count=0
ok() { # ok NAME STATUS
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else echo "not ok $count - $1"; fi
}
# A copy, so that another PREFIX does not change the programs that other suites run.
cp -a "$CORDON_BUILD" "$work/build"
make_it() {
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$root" BUILD="$work/build" "$@" >"$work/log" 2>&1 || { sed 's/^/# /' "$work/log"; return 1; }
}
case $CORDON_BUILD in */asan) echo "1..0 # SKIP what is installed is the release"; exit 0 ;; esac

make_it install PREFIX="$work/usr"
ok "install below a PREFIX" $?
"$work/usr/bin/cordon" --version | grep -q '^cordon 0\.'
ok "the installed cordon runs" $?
cd "$work/ws" || exit 1
echo plain text | "$work/usr/bin/cordon" scan - >"$work/out" 2>"$work/err"
status=$?
sed 's/^/# /' "$work/err"
test $status -eq 0
ok "and finds its programs in libexec" $?
for file in bin/cordon libexec/cordon/cordon-launch libexec/cordon/cordon-log libexec/cordon/cordon-store libexec/cordon/cordon-shield \
	lib/libcordon.a lib/libcordon.so lib/pkgconfig/cordon.pc include/cordon.h share/man/man1/cordon.1 \
	share/cordon/cordon.schema.json share/cordon/apparmor/cordon share/bash-completion/completions/cordon; do
	test -s "$work/usr/$file"
	ok "$file is there" $?
done
grep -q "^profile cordon $work/usr/bin/cordon " "$work/usr/share/cordon/apparmor/cordon"
ok "the AppArmor profile names the installed path" $?
cat >"$work/use.c" <<'C'
#include <cordon.h>
#include <stdio.h>
int main(void)
{
	puts(cordon_version());
	return 0;
}
C
export PKG_CONFIG_PATH="$work/usr/lib/pkgconfig"
# shellcheck disable=SC2046
${CC:-cc} -std=c99 -pedantic -Wall -Werror -o "$work/use" "$work/use.c" $(pkg-config --cflags --libs cordon) && LD_LIBRARY_PATH="$work/usr/lib" "$work/use" >/dev/null
ok "a C99 program links the shared library by pkg-config" $?
test "$(nm -D --defined-only "$work/usr/lib/libcordon.so" | grep -cv ' cordon_')" = 0
ok "the shared library shows the names of cordon.h alone" $?
test "$(nm -g --defined-only "$work/usr/lib/libcordon.a" | grep -c ' [A-Z] ')" = "$(nm -g --defined-only "$work/usr/lib/libcordon.a" | grep -c ' T cordon_')"
ok "and so does the archive" $?
make_it uninstall PREFIX="$work/usr"
ok "uninstall" $?
test -z "$(find "$work/usr" ! -type d)"
ok "leaves no file behind" $?
make_it install DESTDIR="$work/dest" PREFIX=/usr
ok "install below DESTDIR" $?
"$work/dest/usr/bin/cordon" --version >/dev/null && grep -q '^prefix=/usr$' "$work/dest/usr/lib/pkgconfig/cordon.pc"
ok "cordon.pc names the PREFIX, not DESTDIR" $?
test "$(find "$work/dest" -mindepth 1 -maxdepth 1)" = "$work/dest/usr"
ok "nothing is written beside it" $?
echo "1..$count"
