# Completion of herodyno for bash (3.2 and later; it needs nothing beside bash).
# Generated from the command tree. To use it: herodyno completion install bash

# Names that herodyno has seen, from its cache: no Python, no network. $1: kind; proposals begin with $2.
__herodyno_seen() {
    [[ $1 == app ]] || __herodyno_find_app
    local folder line app=- rest=${current#"$2"}
    [[ $1 == app ]] || app=$wanted_app
    for folder in "${XDG_CACHE_HOME:-$HOME/.cache}" "$HOME/Library/Caches"; do
        [[ -r $folder/herodyno/completion-1.txt ]] || continue
        while IFS= read -r line; do
            [[ $line == "$1 ${HEROKU_HOST:--} ${app:+$app }"*"$rest"* && $line != *' '*' '*' '*' '* ]] || continue
            __herodyno_propose "$2" "${line##* }"
        done <"$folder/herodyno/completion-1.txt"
        return
    done
}

# Propose $1$2 (never expanded, never run) if it continues what was typed; $3 is put behind it.
__herodyno_propose() {
    [[ -n $2 && $2 != *[!A-Za-z0-9._-]* && $1$2 == "$current"* ]] && COMPREPLY+=("$1$2$3")
}

# The app that is meant, if neither -a nor HEROKU_APP says so: that of a git remote, whose URL ends in NAME.git
__herodyno_find_app() {
    [[ -z $wanted_app || -n $remote ]] || return
    wanted_app=$(git remote get-url "${remote:-heroku}" 2>/dev/null)
    wanted_app=${wanted_app##*[/:]}
    wanted_app=${wanted_app%.git}
    remote=''
}

# Propose words of the kind $1. $2 is what stands before them in the same word ("--app=").
__herodyno_kind() {
    local word
    case $1 in
        '' | command) ;;
        file) compopt -o default 2>/dev/null ;;
        remote) for word in $(git remote 2>/dev/null); do __herodyno_propose "$2" "$word"; done ;;
        target) __herodyno_seen dyno "$2"; __herodyno_seen type "$2" ;;
        scale)
            if [[ $current == *:* ]]; then
                __herodyno_seen size "${current%%:*}:"
            elif [[ $current == *=* ]]; then
                __herodyno_seen size "${current%%=*}="
            else
                compopt -o nospace 2>/dev/null
                suffix='=' __herodyno_types
            fi ;;
        choice:*) for word in ${1#choice:}; do __herodyno_propose "$2" "$word"; done ;;
        *) __herodyno_seen "$1" "$2" ;;
    esac
}

__herodyno_types() {
    local index
    __herodyno_seen type ''
    for index in "${!COMPREPLY[@]}"; do COMPREPLY[index]+=$suffix; done
}

# @TABLE@

_herodyno() {
    local typed word path='' flag='' value_kind='' argument=0 current='' wanted_app=${HEROKU_APP-} remote=''
    local below flags takes kind head index
    COMPREPLY=()
    # Our own words: bash breaks them at "=" and ":" too.
    read -r -a typed <<<"${COMP_LINE:0:COMP_POINT}"
    if [[ ${COMP_LINE:0:COMP_POINT} != *[[:space:]] ]]; then
        current=${typed[${#typed[@]}-1]}
        unset "typed[${#typed[@]}-1]"
    fi
    __herodyno_command ''
    for word in "${typed[@]:1}"; do
        if [[ -n $flag ]]; then
            case $flag in
                --app | -a) wanted_app=$word ;;
                --remote | -r) remote=$word ;;
            esac
            flag=''
            continue
        fi
        case $word in
            --) compopt -o default 2>/dev/null; return ;;
            --app=*) wanted_app=${word#*=} ;;
            --remote=*) remote=${word#*=} ;;
            --*=*) ;;
            -*) __herodyno_flag "$path $word" && flag=$word ;;
            *)
                if [[ $argument == 0 && " $below " == *" $word "* ]]; then
                    path=${path:+$path }$word
                    __herodyno_command "$path"
                elif [[ $takes == command ]]; then
                    compopt -o default 2>/dev/null
                    return
                else
                    argument=1
                fi ;;
        esac
    done

    if [[ -n $flag ]]; then
        __herodyno_flag "$path $flag"
        __herodyno_kind "$value_kind" ''
    elif [[ $current == --*=* ]]; then
        __herodyno_flag "$path ${current%%=*}" && __herodyno_kind "$value_kind" "${current%%=*}="
    elif [[ $current == -* ]]; then
        for word in $flags; do __herodyno_propose '' "$word"; done
    else
        [[ $argument == 1 ]] || for word in $below; do __herodyno_propose '' "$word"; done
        __herodyno_kind "$takes" ''
    fi

    # Readline replaces only what stands behind the last "=" or ":".
    head=''
    [[ $COMP_WORDBREAKS == *=* && $current == *=* ]] && head=${current%"${current##*=}"}
    [[ $COMP_WORDBREAKS == *:* && $current == *:* ]] && head=${current%"${current##*:}"}
    for index in "${!COMPREPLY[@]}"; do COMPREPLY[index]=${COMPREPLY[index]#"$head"}; done
}

complete -F _herodyno herodyno
