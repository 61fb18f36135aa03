#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# homes.t - each command, program and key of the config, at every depth, has one folder in docs/ARCHITECTURE.md, that folder's
# source is what serves it, and one without a home is found.
#
# A key is written as the path to it, `*` for a name of the user's or for a list's item (`tools.*.args.*.glob`). Its home is the
# row of its own path or else of the longest path that leads to it; a row that ends in `.*` is for what is below a key, not for
# the key. The source of that folder names the key in quotes; a key that the schema holds to one value (`const`) needs no code.
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/shell/cordon.sh"
document=$root/docs/ARCHITECTURE.md
config_schema=$root/configs/cordon.schema.json

empty() { # empty NAME FILE: nothing was found to be wrong
	test ! -s "$2"
	ok "$1" $?
	sed 's/^/# /' "$2"
}
found() { # found NAME FILE WORDS
	grep -qF -- "$3" "$2"
	ok "$1" $?
}
rows() { # rows KIND DOCUMENT: one line a name: NAME<tab>FOLDER
	sed -n '/<!-- homes -->/,/<!-- end homes -->/p' "$2" | awk -v kind="$1" -F '|' '$2 ~ "^ " kind " " {
		split($3, home, "`"); names = split($2, name, "`")
		for (i = 2; i < names; i += 2) print name[i] "\t" home[2] }'
}
one_home() { # one_home KIND DOCUMENT NAMES-FILE
	rows "$1" "$2" >"$work/rows"
	while read -r name; do
		homes=$(awk -F '\t' -v name="$name" '$1 == name { print $2 }' "$work/rows")
		case $(printf '%s' "$homes" | grep -c .) in
		1) [ -d "$root/$homes" ] || echo "$1 $name lives in '$homes', which is no folder" ;;
		*) echo "$1 $name has no home of its own" ;;
		esac
	done <"$3"
}

# ---- commands: what --help lists, and whether its door calls a function of the home, itself or by what it calls ----

"$CORDON_BUILD/cordon" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$work/commands"
"$CORDON_BUILD/cordon" --complete | cmp -s - "$work/commands" && [ "$(wc -l <"$work/commands")" -gt 9 ]
ok "--help lists the commands, and completion the same" $?
one_home command "$document" "$work/commands" >"$work/bad"
empty "each command has one home" "$work/bad"
rows command "$document" | cut -f 1 | grep -vxF -f "$work/commands" >"$work/bad"
empty "no row is for a command that is not there" "$work/bad"

find "$CORDON_BUILD/sandbox" "$CORDON_BUILD/shield" "$CORDON_BUILD/retriever" -name '*.o' -exec nm -A {} + 2>/dev/null |
	sed -n "s|^$CORDON_BUILD/\([^:]*\):[0-9a-f ]* \([TUDR]\) \([A-Za-z0-9_]*\)\$|\1 \2 \3|p" >"$work/symbols"
serves() { # serves COMMAND FOLDER
	awk -v verb="verb_$1" -v folder="$2" '
		$2 != "U" { at[$3] = $1 }
		$2 == "U" { calls[$1] = calls[$1] " " $3 }
		function within(object, place) { place = object; sub(/\/[^\/]*$/, "", place); return place == folder }
		END {
			hop[0] = at[verb]; hops = 1
			if (folder == "" || hop[0] !~ /^sandbox\/cli\//) exit 1
			count = split(calls[hop[0]], name, " ")
			for (i = 1; i <= count; i++) if (at[name[i]] ~ /^sandbox\//) hop[hops++] = at[name[i]]
			for (h = 0; h < hops; h++) {
				count = split(calls[hop[h]], name, " ")
				for (i = 1; i <= count; i++) if ((name[i] in at) && within(at[name[i]])) exit 0
			}
			exit 1
		}' "$work/symbols"
}
while read -r command; do
	home=$(rows command "$document" | awk -F '\t' -v name="$command" '$1 == name { print $2 }')
	serves "$command" "$home"
	ok "the door of '$command' leads to $home" $?
done <"$work/commands"
! serves scan sandbox/audit && ! serves tools sandbox/gateway && ! serves no-such-command sandbox
ok "a door that leads elsewhere is found" $?

# ---- programs: the folder that has its main() ----

sed -n 's/^PROGRAMS := //p' "$root/Makefile" | tr ' ' '\n' >"$work/programs"
one_home program "$document" "$work/programs" >"$work/bad"
empty "each program has one home" "$work/bad"
while read -r program; do
	home=$(rows program "$document" | awk -F '\t' -v name="$program" '$1 == name { print $2 }')
	main=$(sed -n "s/^main_$program := //p" "$root/Makefile")
	[ "${main%/*}" = "$home" ] && grep -q '^int main(' "$root/$main.c"
	ok "$program begins in $home" $?
done <"$work/programs"

# ---- keys: every path of the schema ----

cat >"$work/walk.jq" <<'JQ'
. as $root
| def target: if has("$ref") then ."$ref" | ltrimstr("#/") | split("/") else null end;
  # A schema that is met again on its own way down (a JSON Schema within one) has the keys that it had above.
  def walk($path; $seen):
    if type != "object" then empty else
      target as $target
      | if $target != null and ($seen | index([$target]) != null) then empty else
          (if $target != null then $root | getpath($target) else . end) as $here
          | (if $target != null then $seen + [$target] else $seen end) as $next
          | ($here.properties // {} | to_entries[]
             | ($path + [.key]) as $at
             | [($at | join(".")), (.value | if type == "object" and has("const") then "const" else "free" end)],
               (.value | walk($at; $next))),
            ($here.additionalProperties // empty | walk($path + ["*"]; $next)),
            ($here.patternProperties // {} | .[] | walk($path + ["*"]; $next)),
            ($here.items // empty | walk($path + ["*"]; $next)),
            ($here.prefixItems // [] | .[] | walk($path + ["*"]; $next)),
            (($here.anyOf // []) + ($here.oneOf // []) + ($here.allOf // []) | .[] | walk($path; $next))
        end
    end;
  walk([]; []) | join("\t")
JQ
keys() { # keys SCHEMA: PATH<tab>const or free
	jq -r -f "$work/walk.jq" "$1" | sort -u
}
homeless() { # homeless DOCUMENT KEYS-FILE: what is wrong with the homes of the keys
	rows key "$1" >"$work/rows"
	awk -F '\t' '
		NR == FNR { if ($1 in home) print "key " $1 " has two rows"; home[$1] = $2; next }
		{
			at = $1
			while (!(at in home)) {
				every = at; sub(/[^.]*$/, "*", every)
				if (every in home) at = every
				else if (!sub(/\.[^.]*$/, "", at)) break
			}
			used[at] = 1
			last = $1; sub(/^.*\./, "", last)
			if (at in home) print $1 "\t" $2 "\t" last "\t" home[at] >(FILENAME ".homes")
			else print "key " $1 " has no home"
		}
		END { for (row in home) if (!(row in used)) print "the row of key " row " is for no key" }' "$work/rows" "$2"
	cut -f 4 "$2.homes" | sort -u | while read -r home; do
		[ -d "$root/$home" ] || echo "keys live in '$home', which is no folder"
		cat "$root/$home"/*.c 2>/dev/null | grep -o '"[^" ]*"' | sort -u >"$work/quoted"
		awk -F '\t' -v home="$home" '
			NR == FNR { quoted[$0] = 1; next }
			$4 == home && $2 != "const" && !(("\"" $3 "\"") in quoted) { print home " does not name key " $1 }' \
			"$work/quoted" "$2.homes"
	done
}
keys "$config_schema" >"$work/keys"
[ "$(wc -l <"$work/keys")" -gt 150 ] && grep -q '^profiles\.\*\.limits\.wall	' "$work/keys" &&
	grep -q '^tools\.\*\.args\.\*\.under	' "$work/keys" && grep -q '^flows\.\*\.after	' "$work/keys"
ok "the walk finds the keys of every depth ($(wc -l <"$work/keys"))" $?
# Nothing in the schema is out of its reach: as many names as stand below a "properties" anywhere.
jq -r '[.. | objects | .properties? // empty | objects | select(all(.[]; type == "object")) | keys_unsorted[]] | unique[]' \
	"$config_schema" | sort -u >"$work/names"
sed 's/	.*//; s/.*\.//' "$work/keys" | sort -u | comm -13 - "$work/names" >"$work/bad"
empty "no key of the schema is out of the walk's reach" "$work/bad"
homeless "$document" "$work/keys" >"$work/bad"
empty "each key has one home, whose source names it" "$work/bad"

# ---- what is wrong is found ----

jq '.["$defs"].tool.properties.colour = {type: "string"}' "$config_schema" >"$work/schema"
keys "$work/schema" >"$work/more"
homeless "$document" "$work/more" >"$work/bad"
found "a nested key that no source names is found" "$work/bad" 'does not name key tools.*.colour'
jq '.properties.colour = {type: "object", properties: {hue: {type: "string"}}}' "$config_schema" >"$work/schema"
keys "$work/schema" >"$work/more"
homeless "$document" "$work/more" >"$work/bad"
found "a section without a home is found" "$work/bad" 'key colour has no home'
found "and so is a key in it" "$work/bad" 'key colour.hue has no home'
sed '/<!-- end homes -->/i | key `profiles.*.wings` | `sandbox/policy` |' "$document" >"$work/document"
homeless "$work/document" "$work/keys" >"$work/bad"
found "a row for a key that is not there is found" "$work/bad" 'the row of key profiles.*.wings is for no key'
sed '/^| key /s/| `[a-z/]*` |$/| `shield` |/' "$document" >"$work/document"
homeless "$work/document" "$work/keys" >"$work/bad"
found "a home that does not read the key is found" "$work/bad" 'shield does not name key tools.*.args'
echo no-such-command >"$work/one"
one_home command "$document" "$work/one" >"$work/bad"
found "a command without a home is found" "$work/bad" 'no-such-command has no home'

# ---- the lint reads the same table ----

# shellcheck disable=SC2046
"$root/tests/lint/homes.sh" $(cat "$work/commands") >"$work/bad"
empty "the lint finds nothing" "$work/bad"
! "$root/tests/lint/homes.sh" no-such-command >/dev/null
ok "the lint finds a command without a home" $?
for gone in 'program `cordon-log`' 'key `version`' 'command `scan`'; do
	grep -vF "$gone" "$document" >"$work/document"
	! HOMES=$work/document "$root/tests/lint/homes.sh" >/dev/null
	ok "without the row of $gone the lint fails" $?
done
sed 's/`shield` |$/`nowhere` |/' "$document" >"$work/document"
! HOMES=$work/document "$root/tests/lint/homes.sh" >/dev/null
ok "the lint finds a home that is no folder" $?
finish
