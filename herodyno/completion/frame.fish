# Completion of herodyno for fish.
# Generated from the command tree. To use it: herodyno completion install fish

complete -c herodyno -e

# Names that herodyno has seen, from its cache: no Python, no network.
function __herodyno_seen --argument-names wanted_kind
    set -l wanted_host -
    test -n "$HEROKU_HOST"; and set wanted_host $HEROKU_HOST
    set -l wanted_app
    test $wanted_kind = app; or set wanted_app (__herodyno_wanted_app)
    for folder in "$XDG_CACHE_HOME" "$HOME/.cache" "$HOME/Library/Caches"
        test -n "$folder" -a -r "$folder/herodyno/completion-1.txt"; or continue
        while read -l kind host app value
            test "$kind" = $wanted_kind -a "$host" = "$wanted_host"; or continue
            test $wanted_kind = app -o -z "$wanted_app" -o "$app" = "$wanted_app"; or continue
            string match -rq '^[A-Za-z0-9._-]+$' -- $value; and echo $value
        end <"$folder/herodyno/completion-1.txt"
        return
    end
end

# The app that is meant: by -a, -r, HEROKU_APP, or that of the git remote "heroku", whose URL ends in NAME.git
function __herodyno_wanted_app
    set -l before
    set -l remote
    for word in (commandline -opc)
        switch "$before"
            case -a --app
                echo $word
                return
            case -r --remote
                set remote $word
        end
        switch "$word"
            case '--app=*'
                string replace -- --app= '' $word
                return
            case '--remote=*'
                set remote (string replace -- --remote= '' $word)
        end
        set before $word
    end
    if test -z "$remote" -a -n "$HEROKU_APP"
        echo $HEROKU_APP
        return
    end
    test -n "$remote"; or set remote heroku
    git remote get-url $remote 2>/dev/null | string replace -r '.*[/:]' '' | string replace -r '\.git$' ''
end

function __herodyno_scale
    set -l word (commandline -ct)
    switch "$word"
        case '*:*'
            set -l head (string replace -r ':.*' ':' -- $word)
            string join \n -- $head(__herodyno_seen size)
        case '*=*'
            set -l head (string replace -r '=.*' '=' -- $word)
            string join \n -- $head(__herodyno_seen size)
        case '*'
            string join \n -- (__herodyno_seen type)=
    end
end

function __herodyno_target
    __herodyno_seen type
    __herodyno_seen dyno
end

# What was typed before, without flags and what --color takes.
function __herodyno_plain_words
    set -l before
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; or test "$before" = --color; or echo $word
        set before $word
    end
end

# The place in the command tree: "", "ps", "auth login".
function __herodyno_path
    set -l path ''
    for word in (__herodyno_plain_words)
        set -l next (string trim -- "$path $word")
        contains -- $next $__herodyno_paths; or break
        set path $next
    end
    echo $path
end

function __herodyno_at --argument-names place
    test (__herodyno_path) = $place
end

# Whether the next plain word is the first one at this place.
function __herodyno_first_at --argument-names place
    test (__herodyno_path) = $place; or return
    test (count (__herodyno_plain_words)) -eq (count (string split -n ' ' -- "$place"))
end

# @TABLE@
