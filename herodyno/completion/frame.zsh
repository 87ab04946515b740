#compdef herodyno
# Completion of herodyno for zsh.
# Generated from the command tree. To use it: herodyno completion install zsh

# Names that herodyno has seen, from its cache: no Python, no network. $1: kind; they are left in $found.
__herodyno_seen() {
    local folder kind host app value wanted=''
    [[ $1 == app ]] || wanted=$(__herodyno_wanted_app)
    for folder in "${XDG_CACHE_HOME:-$HOME/.cache}" "$HOME/Library/Caches"; do
        [[ -r $folder/herodyno/completion-1.txt ]] || continue
        while read -r kind host app value; do
            [[ $kind == "$1" && $host == "${HEROKU_HOST:--}" ]] || continue
            [[ $kind == app || -z $wanted || $app == "$wanted" ]] || continue
            [[ -n $value && $value != *[^A-Za-z0-9._-]* ]] && found+=("$value")
        done <"$folder/herodyno/completion-1.txt"
        return
    done
}

# The app that is meant: by -a, -r, HEROKU_APP, or that of the git remote "heroku", whose URL ends in NAME.git
__herodyno_wanted_app() {
    local url remote=heroku
    local -i at
    for (( at = 1; at < CURRENT; at++ )); do
        case $words[at] in
            -a | --app) print -r -- "$words[at+1]"; return ;;
            --app=*) print -r -- "${words[at]#*=}"; return ;;
            -r | --remote) remote=$words[at+1] ;;
            --remote=*) remote=${words[at]#*=} ;;
        esac
    done
    [[ $remote == heroku && -n $HEROKU_APP ]] && { print -r -- "$HEROKU_APP"; return }
    url=$(git remote get-url "$remote" 2>/dev/null)
    url=${url##*[/:]}
    print -r -- "${url%.git}"
}

_herodyno_app() { local -aU found; __herodyno_seen app; compadd "$@" -a found }
_herodyno_dyno() { local -aU found; __herodyno_seen dyno; compadd "$@" -a found }
_herodyno_type() { local -aU found; __herodyno_seen type; compadd "$@" -a found }
_herodyno_size() { local -aU found; __herodyno_seen size; compadd "$@" -a found }
_herodyno_release() { local -aU found; __herodyno_seen release; compadd "$@" -a found }
_herodyno_target() { local -aU found; __herodyno_seen type; __herodyno_seen dyno; compadd "$@" -a found }
_herodyno_remote() { local -a found; found=(${(f)"$(git remote 2>/dev/null)"}); compadd "$@" -a found }

_herodyno_scale() {
    local -aU found
    if compset -P '*:' || compset -P '*='; then
        _herodyno_size "$@"
    else
        __herodyno_seen type
        compadd "$@" -S = -a found
    fi
}

_herodyno_below() { _describe -t commands command below }

# @TABLE@

_herodyno() {
    local place='' word
    local -i at=2
    local -a below specs
    __herodyno_command ''
    while (( at < CURRENT )); do
        word=$words[at]
        if [[ $word == -* ]]; then
            [[ $word == --color ]] && (( at++ ))
            (( at++ ))
        elif (( ${below[(I)${word}:*]} )); then
            place=${place:+$place }$word
            __herodyno_command "$place"
            words[2,at]=()
            (( CURRENT -= at - 1 ))
            at=2
        else
            break
        fi
    done
    _arguments -s -S : $specs
}

if [[ $funcstack[1] == _herodyno ]]; then
    _herodyno "$@"
else
    compdef _herodyno herodyno
fi
