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

__herodyno_command() {
    case $1 in
        '') below='ps logs diagnose top explain releases sizes profile archive scale restart stop rollback wait journal run auth config completion demo sandbox help version' takes='' flags='--version -V' ;;
        'ps') below='' takes='target' flags='--app -a --remote -r --apps --team --pipeline --stage --apps-file --sort --columns --wide --mem --archive --watch --output -o --file' ;;
        'logs') below='' takes='target' flags='--app -a --remote -r --tail -t --num -n --since --until --grep -g --exclude --highlight --not --request-id --speaker --previous --output -o --template --table --time --stats --plot --patterns --since-release --against --by --gaps --fuse --long --redact --apps --team --pipeline --stage --apps-file --from-file --archive --engine --engine-timeout' ;;
        'diagnose') below='' takes='' flags='--app -a --remote -r --from-file --dynos --archive --engine --engine-timeout --listen --watch --on --cooldown --state --since --until --type --dyno --apps --team --pipeline --stage --apps-file --top --full --plot --output -o --file --fail-on --not-enough --nagios --bundle --from-bundle --no-redact --html --png --svg --from-report' ;;
        'top') below='' takes='' flags='--app -a --remote -r --every --dry-run --read-only' ;;
        'explain') below='' takes='choice:H10 H11 H12 H13 H14 H15 H16 H17 H18 H19 H20 H21 H22 H23 H24 H25 H26 H27 H28 H31 H32 H33 H34 H70 H80 H81 H82 H83 H99 R10 R11 R12 R13 R14 R15 R16 R17 R99 L10 L11 L12 L13 L14 L15' flags='' ;;
        'releases') below='' takes='' flags='--app -a --remote -r --num -n --apps --team --pipeline --stage --apps-file' ;;
        'sizes') below='' takes='' flags='--app -a --remote -r --apps --team --pipeline --stage --apps-file' ;;
        'profile') below='' takes='' flags='--app -a --from-file --archive --engine --engine-timeout --since --output -o' ;;
        'archive') below='drain receive compact import status verify prune export password' takes='' flags='' ;;
        'archive drain') below='add list remove' takes='' flags='' ;;
        'archive drain add') below='' takes='' flags='--archive --url --app -a --remote -r --dry-run --confirm --read-only' ;;
        'archive receive') below='' takes='' flags='--archive --host --port --allow-remote --cert --key --keep --no-compact --poll --bundle-on --bundle-dir' ;;
        'archive compact') below='' takes='' flags='--archive' ;;
        'archive import') below='' takes='file' flags='--archive --app -a --year' ;;
        'archive status') below='' takes='' flags='--archive' ;;
        'archive verify') below='' takes='' flags='--archive' ;;
        'archive prune') below='' takes='' flags='--archive --keep --day --dry-run' ;;
        'archive export') below='' takes='' flags='--archive --app -a --since --until --output -o --to' ;;
        'archive drain list') below='' takes='' flags='--app -a --remote -r --archive' ;;
        'archive drain remove') below='' takes='' flags='--app -a --remote -r --archive --dry-run --confirm --read-only' ;;
        'archive password') below='' takes='' flags='--archive --app -a --remote -r --url --drop-old' ;;
        'scale') below='' takes='scale' flags='--app -a --remote -r --wait --timeout --if-quantity --save --apply --diff --dry-run --confirm --read-only --apps --team --pipeline --stage --apps-file' ;;
        'restart') below='' takes='target' flags='--app -a --remote -r --if-id --verify --wait --timeout --over-memory --older-than --stale-release --crashed --rolling --batch --pause --order --steady --probe --on-error --resume --max-share --cooldown --max-per-hour --dry-run --confirm --read-only --apps --team --pipeline --stage --apps-file' ;;
        'stop') below='' takes='target' flags='--app -a --remote -r --type --older-than --dry-run --confirm --read-only --apps --team --pipeline --stage --apps-file' ;;
        'rollback') below='' takes='release' flags='--app -a --remote -r --wait --timeout --dry-run --confirm --read-only' ;;
        'wait') below='' takes='type' flags='--app -a --remote -r --release --timeout' ;;
        'journal') below='' takes='' flags='--app -a --since --last' ;;
        'run') below='list' takes='command' flags='--app -a --remote -r --size -s --type --env -e --env-file --tty --no-tty --timeout --ttl --detach --wait --no-exit-code --no-launcher --dry-run --confirm --read-only' ;;
        'run list') below='' takes='' flags='--app -a --remote -r' ;;
        'auth') below='login logout status token' takes='' flags='' ;;
        'auth login') below='' takes='' flags='--interactive -i --token-stdin --browser --expires-in -e --scope --insecure-storage' ;;
        'auth logout') below='' takes='' flags='--keep-token' ;;
        'auth status') below='' takes='' flags='' ;;
        'auth token') below='' takes='' flags='--for --scope' ;;
        'config') below='' takes='' flags='--app -a --remote -r' ;;
        'completion') below='install show refresh' takes='' flags='' ;;
        'completion install') below='' takes='choice:bash zsh fish' flags='' ;;
        'completion show') below='' takes='choice:bash zsh fish' flags='' ;;
        'completion refresh') below='' takes='' flags='' ;;
        'demo') below='' takes='' flags='--scenario --archive' ;;
        'sandbox') below='serve shell scenarios' takes='' flags='' ;;
        'sandbox serve') below='' takes='' flags='--scenario --speed --port --seed --two-factor --calls --cut-tails --drain --archive --real-shell' ;;
        'sandbox shell') below='' takes='command' flags='--scenario --speed --seed --two-factor --real-shell' ;;
        'sandbox scenarios') below='' takes='' flags='' ;;
        'help') below='' takes='choice:archive auth completion config demo diagnose environment exit-codes explain journal lnav logs profile ps releases restart rollback run sandbox scale sizes stop top wait' flags='' ;;
        'version') below='' takes='' flags='' ;;
    esac
    flags+=' --help -h --json --quiet -q --verbose -v --debug --utc --no-input --otp-stdin --no-color --color --account'
}

# Whether the flag takes a value, and which kind. $1: path and flag.
__herodyno_flag() {
    case $1 in
        *' --color') value_kind='choice:auto always never' ;;
        *' --account') value_kind='' ;;
        'ps --app' | 'ps -a') value_kind='app' ;;
        'ps --remote' | 'ps -r') value_kind='remote' ;;
        'ps --apps') value_kind='' ;;
        'ps --team') value_kind='' ;;
        'ps --pipeline') value_kind='' ;;
        'ps --stage') value_kind='choice:test review development staging production' ;;
        'ps --apps-file') value_kind='file' ;;
        'ps --sort') value_kind='choice:name age state size release' ;;
        'ps --columns') value_kind='' ;;
        'ps --archive') value_kind='file' ;;
        'ps --watch') value_kind='' ;;
        'ps --output' | 'ps -o') value_kind='' ;;
        'ps --file') value_kind='file' ;;
        'logs --app' | 'logs -a') value_kind='app' ;;
        'logs --remote' | 'logs -r') value_kind='remote' ;;
        'logs --num' | 'logs -n') value_kind='' ;;
        'logs --since') value_kind='' ;;
        'logs --until') value_kind='' ;;
        'logs --grep' | 'logs -g') value_kind='' ;;
        'logs --exclude') value_kind='' ;;
        'logs --highlight') value_kind='' ;;
        'logs --not') value_kind='target' ;;
        'logs --request-id') value_kind='' ;;
        'logs --output' | 'logs -o') value_kind='' ;;
        'logs --template') value_kind='' ;;
        'logs --table') value_kind='' ;;
        'logs --time') value_kind='choice:local utc relative delta none' ;;
        'logs --stats') value_kind='' ;;
        'logs --against') value_kind='' ;;
        'logs --by') value_kind='choice:lines bytes' ;;
        'logs --gaps') value_kind='' ;;
        'logs --fuse') value_kind='' ;;
        'logs --apps') value_kind='' ;;
        'logs --team') value_kind='' ;;
        'logs --pipeline') value_kind='' ;;
        'logs --stage') value_kind='choice:test review development staging production' ;;
        'logs --apps-file') value_kind='file' ;;
        'logs --from-file') value_kind='file' ;;
        'logs --archive') value_kind='file' ;;
        'logs --engine') value_kind='' ;;
        'logs --engine-timeout') value_kind='' ;;
        'diagnose --app' | 'diagnose -a') value_kind='app' ;;
        'diagnose --remote' | 'diagnose -r') value_kind='remote' ;;
        'diagnose --from-file') value_kind='file' ;;
        'diagnose --dynos') value_kind='file' ;;
        'diagnose --archive') value_kind='file' ;;
        'diagnose --engine') value_kind='' ;;
        'diagnose --engine-timeout') value_kind='' ;;
        'diagnose --listen') value_kind='' ;;
        'diagnose --watch') value_kind='' ;;
        'diagnose --on') value_kind='' ;;
        'diagnose --cooldown') value_kind='' ;;
        'diagnose --state') value_kind='' ;;
        'diagnose --since') value_kind='' ;;
        'diagnose --until') value_kind='' ;;
        'diagnose --type') value_kind='type' ;;
        'diagnose --dyno') value_kind='dyno' ;;
        'diagnose --apps') value_kind='' ;;
        'diagnose --team') value_kind='' ;;
        'diagnose --pipeline') value_kind='' ;;
        'diagnose --stage') value_kind='choice:test review development staging production' ;;
        'diagnose --apps-file') value_kind='file' ;;
        'diagnose --top') value_kind='' ;;
        'diagnose --plot') value_kind='choice:memory swap load requests errors latency' ;;
        'diagnose --output' | 'diagnose -o') value_kind='' ;;
        'diagnose --file') value_kind='file' ;;
        'diagnose --fail-on') value_kind='' ;;
        'diagnose --not-enough') value_kind='' ;;
        'diagnose --bundle') value_kind='file' ;;
        'diagnose --from-bundle') value_kind='file' ;;
        'diagnose --html') value_kind='' ;;
        'diagnose --png') value_kind='' ;;
        'diagnose --svg') value_kind='' ;;
        'diagnose --from-report') value_kind='' ;;
        'top --app' | 'top -a') value_kind='app' ;;
        'top --remote' | 'top -r') value_kind='remote' ;;
        'top --every') value_kind='' ;;
        'releases --app' | 'releases -a') value_kind='app' ;;
        'releases --remote' | 'releases -r') value_kind='remote' ;;
        'releases --num' | 'releases -n') value_kind='' ;;
        'releases --apps') value_kind='' ;;
        'releases --team') value_kind='' ;;
        'releases --pipeline') value_kind='' ;;
        'releases --stage') value_kind='choice:test review development staging production' ;;
        'releases --apps-file') value_kind='file' ;;
        'sizes --app' | 'sizes -a') value_kind='app' ;;
        'sizes --remote' | 'sizes -r') value_kind='remote' ;;
        'sizes --apps') value_kind='' ;;
        'sizes --team') value_kind='' ;;
        'sizes --pipeline') value_kind='' ;;
        'sizes --stage') value_kind='choice:test review development staging production' ;;
        'sizes --apps-file') value_kind='file' ;;
        'profile --app' | 'profile -a') value_kind='app' ;;
        'profile --from-file') value_kind='file' ;;
        'profile --archive') value_kind='file' ;;
        'profile --engine') value_kind='' ;;
        'profile --engine-timeout') value_kind='' ;;
        'profile --since') value_kind='' ;;
        'profile --output' | 'profile -o') value_kind='' ;;
        'archive drain add --archive') value_kind='file' ;;
        'archive drain add --url') value_kind='' ;;
        'archive drain add --app' | 'archive drain add -a') value_kind='app' ;;
        'archive drain add --remote' | 'archive drain add -r') value_kind='remote' ;;
        'archive drain add --confirm') value_kind='app' ;;
        'archive receive --archive') value_kind='file' ;;
        'archive receive --host') value_kind='' ;;
        'archive receive --port') value_kind='' ;;
        'archive receive --cert') value_kind='file' ;;
        'archive receive --key') value_kind='file' ;;
        'archive receive --keep') value_kind='' ;;
        'archive receive --bundle-on') value_kind='' ;;
        'archive receive --bundle-dir') value_kind='file' ;;
        'archive compact --archive') value_kind='file' ;;
        'archive import --archive') value_kind='file' ;;
        'archive import --app' | 'archive import -a') value_kind='app' ;;
        'archive import --year') value_kind='' ;;
        'archive status --archive') value_kind='file' ;;
        'archive verify --archive') value_kind='file' ;;
        'archive prune --archive') value_kind='file' ;;
        'archive prune --keep') value_kind='' ;;
        'archive prune --day') value_kind='' ;;
        'archive export --archive') value_kind='file' ;;
        'archive export --app' | 'archive export -a') value_kind='app' ;;
        'archive export --since') value_kind='' ;;
        'archive export --until') value_kind='' ;;
        'archive export --output' | 'archive export -o') value_kind='' ;;
        'archive export --to') value_kind='file' ;;
        'archive drain list --app' | 'archive drain list -a') value_kind='app' ;;
        'archive drain list --remote' | 'archive drain list -r') value_kind='remote' ;;
        'archive drain list --archive') value_kind='file' ;;
        'archive drain remove --app' | 'archive drain remove -a') value_kind='app' ;;
        'archive drain remove --remote' | 'archive drain remove -r') value_kind='remote' ;;
        'archive drain remove --archive') value_kind='file' ;;
        'archive drain remove --confirm') value_kind='app' ;;
        'archive password --archive') value_kind='file' ;;
        'archive password --app' | 'archive password -a') value_kind='app' ;;
        'archive password --remote' | 'archive password -r') value_kind='remote' ;;
        'archive password --url') value_kind='' ;;
        'scale --app' | 'scale -a') value_kind='app' ;;
        'scale --remote' | 'scale -r') value_kind='remote' ;;
        'scale --timeout') value_kind='' ;;
        'scale --if-quantity') value_kind='' ;;
        'scale --save') value_kind='file' ;;
        'scale --apply') value_kind='file' ;;
        'scale --diff') value_kind='file' ;;
        'scale --confirm') value_kind='app' ;;
        'scale --apps') value_kind='' ;;
        'scale --team') value_kind='' ;;
        'scale --pipeline') value_kind='' ;;
        'scale --stage') value_kind='choice:test review development staging production' ;;
        'scale --apps-file') value_kind='file' ;;
        'restart --app' | 'restart -a') value_kind='app' ;;
        'restart --remote' | 'restart -r') value_kind='remote' ;;
        'restart --if-id') value_kind='' ;;
        'restart --verify') value_kind='' ;;
        'restart --timeout') value_kind='' ;;
        'restart --over-memory') value_kind='' ;;
        'restart --older-than') value_kind='' ;;
        'restart --batch') value_kind='' ;;
        'restart --pause') value_kind='' ;;
        'restart --order') value_kind='choice:worst oldest name' ;;
        'restart --steady') value_kind='' ;;
        'restart --probe') value_kind='' ;;
        'restart --on-error') value_kind='choice:stop continue ask' ;;
        'restart --max-share') value_kind='' ;;
        'restart --cooldown') value_kind='' ;;
        'restart --max-per-hour') value_kind='' ;;
        'restart --confirm') value_kind='app' ;;
        'restart --apps') value_kind='' ;;
        'restart --team') value_kind='' ;;
        'restart --pipeline') value_kind='' ;;
        'restart --stage') value_kind='choice:test review development staging production' ;;
        'restart --apps-file') value_kind='file' ;;
        'stop --app' | 'stop -a') value_kind='app' ;;
        'stop --remote' | 'stop -r') value_kind='remote' ;;
        'stop --type') value_kind='type' ;;
        'stop --older-than') value_kind='' ;;
        'stop --confirm') value_kind='app' ;;
        'stop --apps') value_kind='' ;;
        'stop --team') value_kind='' ;;
        'stop --pipeline') value_kind='' ;;
        'stop --stage') value_kind='choice:test review development staging production' ;;
        'stop --apps-file') value_kind='file' ;;
        'rollback --app' | 'rollback -a') value_kind='app' ;;
        'rollback --remote' | 'rollback -r') value_kind='remote' ;;
        'rollback --timeout') value_kind='' ;;
        'rollback --confirm') value_kind='app' ;;
        'wait --app' | 'wait -a') value_kind='app' ;;
        'wait --remote' | 'wait -r') value_kind='remote' ;;
        'wait --release') value_kind='release' ;;
        'wait --timeout') value_kind='' ;;
        'journal --app' | 'journal -a') value_kind='app' ;;
        'journal --since') value_kind='' ;;
        'journal --last') value_kind='' ;;
        'run --app' | 'run -a') value_kind='app' ;;
        'run --remote' | 'run -r') value_kind='remote' ;;
        'run --size' | 'run -s') value_kind='size' ;;
        'run --type') value_kind='type' ;;
        'run --env' | 'run -e') value_kind='' ;;
        'run --env-file') value_kind='file' ;;
        'run --timeout') value_kind='' ;;
        'run --ttl') value_kind='' ;;
        'run --confirm') value_kind='app' ;;
        'run list --app' | 'run list -a') value_kind='app' ;;
        'run list --remote' | 'run list -r') value_kind='remote' ;;
        'auth login --browser') value_kind='' ;;
        'auth login --expires-in' | 'auth login -e') value_kind='' ;;
        'auth login --scope') value_kind='' ;;
        'auth token --for') value_kind='' ;;
        'auth token --scope') value_kind='' ;;
        'config --app' | 'config -a') value_kind='app' ;;
        'config --remote' | 'config -r') value_kind='remote' ;;
        'demo --scenario') value_kind='choice:healthy one-bad-dyno some-bad-dynos release-broke-app memory-growing-worker warm-up crash-loop scaled-to-zero clients-leaving slow-dyno restart-that-fixed-it too-little-data single-dyno one-client-or-path platform-trouble preboot damaged-slug platform-cannot-start left-running lines-lost overloaded autoscaled outage-with-crashes rollback-that-cured retry-storm failing-job failed-release two-workers fir-app fleet' ;;
        'demo --archive') value_kind='file' ;;
        'sandbox serve --scenario') value_kind='choice:healthy one-bad-dyno some-bad-dynos release-broke-app memory-growing-worker warm-up crash-loop scaled-to-zero clients-leaving slow-dyno restart-that-fixed-it too-little-data single-dyno one-client-or-path platform-trouble preboot damaged-slug platform-cannot-start left-running lines-lost overloaded autoscaled outage-with-crashes rollback-that-cured retry-storm failing-job failed-release two-workers fir-app fleet' ;;
        'sandbox serve --speed') value_kind='' ;;
        'sandbox serve --port') value_kind='' ;;
        'sandbox serve --seed') value_kind='' ;;
        'sandbox serve --two-factor') value_kind='' ;;
        'sandbox serve --calls') value_kind='' ;;
        'sandbox serve --cut-tails') value_kind='' ;;
        'sandbox serve --drain') value_kind='' ;;
        'sandbox serve --archive') value_kind='file' ;;
        'sandbox shell --scenario') value_kind='choice:healthy one-bad-dyno some-bad-dynos release-broke-app memory-growing-worker warm-up crash-loop scaled-to-zero clients-leaving slow-dyno restart-that-fixed-it too-little-data single-dyno one-client-or-path platform-trouble preboot damaged-slug platform-cannot-start left-running lines-lost overloaded autoscaled outage-with-crashes rollback-that-cured retry-storm failing-job failed-release two-workers fir-app fleet' ;;
        'sandbox shell --speed') value_kind='' ;;
        'sandbox shell --seed') value_kind='' ;;
        'sandbox shell --two-factor') value_kind='' ;;
        *) return 1 ;;
    esac
}

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
