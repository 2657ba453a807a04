#!/bin/zsh -f
# SPDX-License-Identifier: MIT
# completing.zsh bash|zsh FILE LINE: what that shell shows when the tab key is pressed behind the line,
# in a terminal of its own, with this file of completions. Nothing is waited for by time: what is
# typed behind the tab is read when the shell has done with it.
zmodload zsh/zpty
shell=$1 file=$2 line=$3

# Until the shell says this word, which stands otherwise in what is typed.
read_until() {
	local text
	zpty -r shell text "*$1*" || exit 1
	print -r -- $text
}

case $shell in
bash)
	zpty shell bash --norc --noprofile -i
	zpty -w shell "bind 'set show-all-if-ambiguous on'; bind 'set page-completions off'"
	zpty -w shell "bind 'set completion-query-items 0'; bind 'set enable-bracketed-paste off'"
	zpty -w shell "[ ! -r /usr/share/bash-completion/bash_completion ] || . /usr/share/bash-completion/bash_completion"
	zpty -w shell "source '$file'"
	;;
zsh)
	zpty shell zsh -f -i
	zpty -w shell "fpath=('${file:h}' \$fpath); autoload -U compinit; compinit -u -D"
	zpty -w shell "LISTMAX=100000; bindkey '^I' list-choices"
	;;
esac
# Only behind its prompt does a shell read keys one by one.
zpty -w shell "stty cols 200; PS1='PROM''PT> '; echo REA''DY"
read_until READY >/dev/null
read_until 'PROMPT>' >/dev/null
# The tab, then the line is deleted, then a command that tells that all of that is over.
zpty -n -w shell "$line"$'\t\x15'"echo DO''NE"$'\n'
read_until DONE | sed 's/\x1b\[[0-9?]*[a-zA-Z]//g' | tr -d '\r\a'
zpty -d shell
