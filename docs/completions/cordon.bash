# SPDX-License-Identifier: Apache-2.0
# Completion of cordon's commands and options in bash: the words come from the program's own tables.
_cordon()
{
	local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(cordon --complete) --help --version" -- "$word")
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(cordon --complete "$command")" -- "$word")
	fi
}
complete -o default -F _cordon cordon
