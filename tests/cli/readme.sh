#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The scripts of README.md, typed as they stand there into terminals of 80x24 by
# somebody who waits for each prompt, answers what is asked, and presses Enter
# at the software keys when a desk says that they are to be touched.
set -u
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

README=$ROOT/README.md
PATIENCE=${PATIENCE:-60} # seconds for one answer
PANEL='^  (Change|Store|New ledger|Ledger of) '

unset TMUX
export HOME=$WORK/home TMUX_TMPDIR=$WORK
mkdir "$HOME"

screen() { # TMUX-COMMAND...
	tmux -L readme -f /dev/null "$@"
}

leave() {
	local status=$?
	screen kill-server 2>/dev/null
	(exit "$status")
	finish
}
trap leave EXIT

give_up() { # TEXT
	not_ok "$1" "$(screen capture-pane -p -t "t$terminal" 2>&1)"
	tap_done
}

# The visible lines of a terminal, without the empty ones at its end.
visible() { # TERMINAL [OPTION...]
	local t=$1
	shift
	printf '%s\n' "$(screen capture-pane -p "$@" -t "t$t")"
}

last_of() { # TERMINAL
	visible "$1" | tail -n 1
}

open_terminal() { # TERMINAL
	local shell path
	path=$(dirname "$COUNTERSEAL"):$PATH
	shell="PATH='$path' PS1='\\#:\$? ready> ' HISTFILE="
	shell="env -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_STATE_HOME $shell"
	shell="$shell bash --norc --noprofile -i"
	if screen has-session 2>/dev/null; then
		screen new-window -d -n "t$1" -c "$ROOT" "$shell"
	else
		screen new-session -d -x 80 -y 24 -n "t$1" -c "$ROOT" "$shell"
	fi
	count[$1]=1
	opened+=" $1 "
}

# Prompts of a key that were not answered yet get an Enter.
touch_keys() {
	local t asked
	for t in "${!is_key[@]}"; do
		asked=$(visible "$t" -J -S - | grep -c 'press Enter to touch')
		while [ "$asked" -gt "${touched[$t]}" ]; do
			look_at_panel
			screen send-keys -t "t$t" Enter
			touched[$t]=$((${touched[$t]} + 1))
		done
	done
}

# From the last panel's head to the end of what stands on the screen.
panel() { # [OPTION...]
	visible "$terminal" "$@" | awk -v head="$PANEL" '
	    $0 ~ head { n = 0 } { l[++n] = $0 } $0 ~ head { found = 1 }
	    END { for (i = 1; found && i <= n; i++) print l[i] }'
}

# Who is asked for a touch sees the whole panel, and no line of it is broken.
look_at_panel() {
	local seen
	case $typed in
	*' offer '*) return ;; # makes a key: there is nothing to compare
	esac
	panels=$((panels + 1))
	seen=$(panel)
	if [ -z "$seen" ]; then
		cut_panels+="$typed: no head of a panel on the screen"
	elif [ "$(wc -l <<<"$seen")" -ne "$(panel -J | wc -l)" ]; then
		cut_panels+="$typed: a line of its panel is broken"
	elif ! grep -q '^  With this touch .*\.$' <<<"$seen"; then
		cut_panels+="$typed: no end of its panel on the screen"
	else
		return
	fi
	cut_panels+=$'\n'$(visible "$terminal")$'\n'
}

# Waits until the terminal's last line has this; touches keys meanwhile.
wait_for() { # PATTERN WHAT
	local end=$((SECONDS + PATIENCE))
	until last_of "$terminal" | grep -Eq -- "$1"; do
		[ "$SECONDS" -lt "$end" ] || give_up "$2"
		touch_keys
		sleep 0.05
	done
}

# The prompt after the command at hand, which must have ended well.
finish_command() {
	local n=${count[$terminal]}
	[ -n "$typed" ] || return
	wait_for "^$n:[0-9]+ ready> *\$" "a prompt after: $typed"
	check "$typed" grep -Eq "^$n:0 ready>" <<<"$(last_of "$terminal")"
	typed=
}

type_line() { # LINE
	screen send-keys -t "t$terminal" -l -- "$1"
	screen send-keys -t "t$terminal" Enter
}

begin_command() { # LINES
	local line socket end=$((SECONDS + PATIENCE))
	finish_command
	wait_for "^${count[$terminal]}:[0-9]+ ready> *\$" "a prompt"
	count[$terminal]=$((${count[$terminal]} + 1))
	while IFS= read -r line; do
		type_line "$line"
	done <<<"$1"
	typed=${1//$'\\\n'*/...}
	case $1 in
	counterseal-token*) ;;
	*) return ;;
	esac
	# It goes on: there is no prompt, but it listens.
	socket=${1##*--socket }
	until [ -S "$HOME/try/${socket%% *}" ]; do
		[ "$SECONDS" -lt "$end" ] || give_up "a key that listens"
		sleep 0.05
	done
	ok "$typed"
	is_key[$terminal]=1
	touched[$terminal]=0
	typed=
}

answer() { # PROMPT VALUE
	wait_for "$(printf '%s' "$1" | sed 's/[?]/[?]/g').*[]:)] *\$" \
	    "a prompt: $1"
	screen send-keys -t "t$terminal" -l -- "$2"
	screen send-keys -t "t$terminal" Enter
}

script() {
	awk '/^<!-- tests\/cli\/readme.sh/ { f = 1; next }
	    f == 1 && /^```sh/ { f = 2; next }
	    f == 2 && /^```/ { f = 0 }
	    f == 2' "$README"
}

declare -A count=() is_key=() touched=()
opened='' terminal='' typed='' cut_panels='' panels=0 lines=''

[ -n "$(script)" ] || {
	not_ok "README.md has its scripts" "no block behind the comment"
	tap_done
}
while IFS= read -r line <&3; do
	case $line in
	'# terminal '*)
		[ -z "$typed" ] || finish_command
		terminal=${line#'# terminal '}
		terminal=${terminal%%:*}
		[[ $opened == *" $terminal "* ]] || open_terminal "$terminal"
		;;
	'#   '*)
		line=${line#'#   '}
		case $line in
		*'? '*) answer "${line%%\?*}?" "${line#*\? }" ;;
		*': '*) answer "${line%%:*}" "${line#*: }" ;;
		*) answer "${line%%:*}" '' ;;
		esac
		;;
	'') ;;
	*\\) lines+=$line$'\n' ;;
	*)
		begin_command "$lines$line"
		lines=
		;;
	esac
done 3< <(script)
finish_command

trailing=$(visible "$terminal" | grep '^findings:')
check "it reaches the end: $trailing" [ "$trailing" = 'findings: none' ]
check "there were panels before the touches" [ "$panels" -ge 5 ]
check_silent "no panel is cut at 80x24" printf '%s' "$cut_panels"
check "the keys were touched fourteen times" \
    [ $((touched[1] + touched[2])) -eq 14 ]
LEDGER=$HOME/try/ledger.db
run "$COUNTERSEAL" verify "$LEDGER" --json
expect_json "the ledger holds two changes" 0 \
    '.valid and .entries == 10 and .changes == 2'
root=$(printf '%s' "$OUT" | jq -r .head.root)
run "$COUNTERSEAL" verify "$HOME/try/mina.db" --json
expect_json "the replica is the same ledger" 0 ".head.root == \"$root\""

tap_done
