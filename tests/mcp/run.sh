#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh - MCP clients from npm against `cordon mcp`: the SDK of the 2025 line, the SDK of 2026-07-28, the Inspector.
#
# The clients are pinned by package-lock.json (`npm ci` refuses a lock whose optional Windows parts are absent) and installed into build/npm once. The Inspector needs Node >= 22, which
# comes from npm as well, so any node that can start npm will do. Usage: run.sh BUILD (the folder with the programs).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "${1:-$root/build/release}" && pwd)
npm_dir=$root/build/npm

command -v npm >/dev/null || { echo "run.sh: npm is needed for the MCP clients: apt-get install npm" >&2; exit 2; }
if ! cmp -s "$here/package-lock.json" "$npm_dir/.installed"; then
	mkdir -p "$npm_dir"
	cp "$here/package.json" "$here/package-lock.json" "$npm_dir/"
	(cd "$npm_dir" && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error)
	cp "$here/package-lock.json" "$npm_dir/.installed"
fi
cp "$here"/*.mjs "$npm_dir/"
node=$(ls -d "$npm_dir"/node_modules/node-linux-*/bin/node | head -n 1)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/home" "$work/space" "$work/pages"
cp "$here/cordon.yaml" "$work/cordon.yaml"
cp "$root"/tests/corpus/pages/* "$work/pages/"
printf 'the quick brown fox\nneedle in a haystack\n' >"$work/space/notes.txt"
export HOME=$work/home CORDON_DATA=$work/data
"$build/cordon" index --config "$work/cordon.yaml" "$work/pages" >/dev/null

# The Inspector has a --config of its own, so its server is a program without arguments.
# It hands on little of its environment, as clients do.
printf '#!/bin/sh\nCORDON_DATA="%s" exec "%s" mcp --config "%s"\n' "$CORDON_DATA" "$build/cordon" "$work/cordon.yaml" >"$work/server"
chmod +x "$work/server"

# prove reads the TAP of all three.
cat >"$work/suite" <<E2
#!/bin/sh
exec "$node" "$npm_dir/\$1.mjs" "$build/cordon" "$work" "$npm_dir"
E2
chmod +x "$work/suite"
for suite in legacy modern inspector; do
	printf '#!/bin/sh\nexec "%s" %s\n' "$work/suite" "$suite" >"$work/$suite.t"
	chmod +x "$work/$suite.t"
done
cd "$work"
prove -e '' ./legacy.t ./modern.t ./inspector.t
