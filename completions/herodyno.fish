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

set -g __herodyno_paths 'ps' 'logs' 'diagnose' 'top' 'explain' 'releases' 'sizes' 'profile' 'archive' 'archive drain' 'archive drain add' 'archive receive' 'archive compact' 'archive import' 'archive status' 'archive verify' 'archive prune' 'archive export' 'archive drain list' 'archive drain remove' 'archive password' 'scale' 'restart' 'stop' 'rollback' 'wait' 'journal' 'run' 'run list' 'auth' 'auth login' 'auth logout' 'auth status' 'auth token' 'config' 'completion' 'completion install' 'completion show' 'completion refresh' 'demo' 'sandbox' 'sandbox serve' 'sandbox shell' 'sandbox scenarios' 'help' 'version'
complete -c herodyno -f
complete -c herodyno -l help -s h -d 'show help and exit'
complete -c herodyno -l json -d 'print JSON, errors too'
complete -c herodyno -l quiet -s q -d 'no notes on stderr'
complete -c herodyno -l verbose -s v -d 'say each API call on stderr'
complete -c herodyno -l debug -d 'write what happened to a file for a bug report'
complete -c herodyno -l utc -d 'times in UTC'
complete -c herodyno -l no-input -d 'never ask a question'
complete -c herodyno -l otp-stdin -d 'read a second-factor code from stdin'
complete -c herodyno -l no-color -d 'no colour (also: NO_COLOR=1)'
complete -c herodyno -l color -x -a 'auto always never' -d 'auto, always or never'
complete -c herodyno -l account -x -d 'whose token, where several are here [HERODYNO_ACCOUNT]'
complete -c herodyno -n '__herodyno_first_at \'\'' -a ps -d 'dynos of an app: id, state, age, size, release'
complete -c herodyno -n '__herodyno_first_at \'\'' -a logs -d 'the log: filters, tail, formats, statistics'
complete -c herodyno -n '__herodyno_first_at \'\'' -a diagnose -d 'which dyno fails, with evidence, and what to type'
complete -c herodyno -n '__herodyno_first_at \'\'' -a top -d 'an app live: dynos, rates, verdict, log; restart, stop'
complete -c herodyno -n '__herodyno_first_at \'\'' -a explain -d 'what an H, R or L code means (offline)'
complete -c herodyno -n '__herodyno_first_at \'\'' -a releases -d 'what was released, when, by whom; which dynos run it'
complete -c herodyno -n '__herodyno_first_at \'\'' -a sizes -d 'dyno sizes an app may use, with memory and price'
complete -c herodyno -n '__herodyno_first_at \'\'' -a profile -d 'what each process type used, and which size would do'
complete -c herodyno -n '__herodyno_first_at \'\'' -a archive -d 'receive log drains and keep days of them'
complete -c herodyno -n '__herodyno_first_at \'\'' -a scale -d 'number and size of dynos: web=3:standard-2x'
complete -c herodyno -n '__herodyno_first_at \'\'' -a restart -d 'replace one dyno, a process type, or all'
complete -c herodyno -n '__herodyno_first_at \'\'' -a stop -d 'stop a dyno or a process type'
complete -c herodyno -n '__herodyno_first_at \'\'' -a rollback -d 'go back to an earlier release'
complete -c herodyno -n '__herodyno_first_at \'\'' -a wait -d 'wait until dynos run the newest release'
complete -c herodyno -n '__herodyno_first_at \'\'' -a journal -d 'what was changed from here, and how to undo it'
complete -c herodyno -n '__herodyno_first_at \'\'' -a run -d 'a command in a one-off dyno'
complete -c herodyno -n '__herodyno_first_at \'\'' -a auth -d 'log in, log out, which token is used'
complete -c herodyno -n '__herodyno_first_at \'\'' -a config -d 'the config file, and where each setting comes from'
complete -c herodyno -n '__herodyno_first_at \'\'' -a completion -d 'TAB in bash, zsh and fish: install it, print it'
complete -c herodyno -n '__herodyno_first_at \'\'' -a demo -d 'a simulated app with one bad dyno: no account needed'
complete -c herodyno -n '__herodyno_first_at \'\'' -a sandbox -d 'a simulated Heroku on this machine, to rehearse with'
complete -c herodyno -n '__herodyno_first_at \'\'' -a help -d 'help on a command or a topic'
complete -c herodyno -n '__herodyno_first_at \'\'' -a version -d 'the version'
complete -c herodyno -n '__herodyno_at \'\'' -l version -s V -d 'show the version and exit'
complete -c herodyno -n '__herodyno_at \'ps\'' -a '(__herodyno_target)'
complete -c herodyno -n '__herodyno_at \'ps\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'ps\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'ps\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'ps\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'ps\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'ps\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'ps\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'ps\'' -l sort -x -a 'name age state size release' -d 'by what; the oldest first'
complete -c herodyno -n '__herodyno_at \'ps\'' -l columns -x -d 'one table of these: dyno,state,age,command'
complete -c herodyno -n '__herodyno_at \'ps\'' -l wide -d 'requests, errors, p95 and memory of each, from the log'
complete -c herodyno -n '__herodyno_at \'ps\'' -l mem -d 'memory of each, with its quota and over time, from the log'
complete -c herodyno -n '__herodyno_at \'ps\'' -l archive -r -F -d 'with --wide, --mem: the last day of an archive, not the log'
complete -c herodyno -n '__herodyno_at \'ps\'' -l watch -x -d 'look every 2s, or so often'
complete -c herodyno -n '__herodyno_at \'ps\'' -l output -s o -x -d 'text, json, jsonl: a line for each app, openmetrics'
complete -c herodyno -n '__herodyno_at \'ps\'' -l file -r -F -d 'with -o openmetrics: put it there, whole or not'
complete -c herodyno -n '__herodyno_at \'logs\'' -a '(__herodyno_target)'
complete -c herodyno -n '__herodyno_at \'logs\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'logs\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'logs\'' -l tail -s t -d 'follow the log'
complete -c herodyno -n '__herodyno_at \'logs\'' -l num -s n -x -d 'the last N lines that fit, the first N patterns'
complete -c herodyno -n '__herodyno_at \'logs\'' -l since -x -d '10m, 14:30, yesterday, 2026-11-23T02:00Z'
complete -c herodyno -n '__herodyno_at \'logs\'' -l until -x -d 'the same forms; ends --tail'
complete -c herodyno -n '__herodyno_at \'logs\'' -l grep -s g -x -d 'text to be found'
complete -c herodyno -n '__herodyno_at \'logs\'' -l exclude -x -d 'text to be left out'
complete -c herodyno -n '__herodyno_at \'logs\'' -l highlight -x -d 'text to stand out'
complete -c herodyno -n '__herodyno_at \'logs\'' -l not -x -a '(__herodyno_target)' -d 'dyno, type, source to leave out'
complete -c herodyno -n '__herodyno_at \'logs\'' -l request-id -x -d 'one request, router and app lines'
complete -c herodyno -n '__herodyno_at \'logs\'' -l speaker -d 'words mean who speaks, not of whom the router speaks'
complete -c herodyno -n '__herodyno_at \'logs\'' -l previous -d 'the last lines of dynos that ended'
complete -c herodyno -n '__herodyno_at \'logs\'' -l output -s o -x -d 'text, json, jsonl, logfmt, csv, combined, plain, raw'
complete -c herodyno -n '__herodyno_at \'logs\'' -l template -x -d '\'{time} {dyno} {service} {text}\''
complete -c herodyno -n '__herodyno_at \'logs\'' -l table -x -d '\'dyno,code,service,path\': fields as columns'
complete -c herodyno -n '__herodyno_at \'logs\'' -l time -x -a 'local utc relative delta none' -d 'local, utc, relative, delta, none'
complete -c herodyno -n '__herodyno_at \'logs\'' -l stats -x -d '\'count,p95(service) by dyno,code\', or by 1m'
complete -c herodyno -n '__herodyno_at \'logs\'' -l plot -d 'draw --stats by time'
complete -c herodyno -n '__herodyno_at \'logs\'' -l patterns -d 'lines alike as one pattern, the commonest first'
complete -c herodyno -n '__herodyno_at \'logs\'' -l since-release -d 'patterns that changed with the release, or with vN'
complete -c herodyno -n '__herodyno_at \'logs\'' -l against -x -d 'patterns: what changed from WHEN on, against before'
complete -c herodyno -n '__herodyno_at \'logs\'' -l by -x -a 'lines bytes' -d 'patterns by lines or bytes'
complete -c herodyno -n '__herodyno_at \'logs\'' -l gaps -x -d 'mark silences at least that long (30s)'
complete -c herodyno -n '__herodyno_at \'logs\'' -l fuse -x -d 'fuse lines alike within that time (5s)'
complete -c herodyno -n '__herodyno_at \'logs\'' -l long -d 'router lines whole; an example of each pattern'
complete -c herodyno -n '__herodyno_at \'logs\'' -l redact -d 'mask addresses, mails, queries, passwords, tokens'
complete -c herodyno -n '__herodyno_at \'logs\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'logs\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'logs\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'logs\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'logs\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'logs\'' -l from-file -r -F -d 'read a file (gz, zst; - is stdin), offline'
complete -c herodyno -n '__herodyno_at \'logs\'' -l archive -r -F -d 'read the lines of an archive, offline'
complete -c herodyno -n '__herodyno_at \'logs\'' -l engine -x -d 'with --archive: quack://, sc:// or clickhouse:// answers'
complete -c herodyno -n '__herodyno_at \'logs\'' -l engine-timeout -x -d 'end a query of the engine after that long (10m)'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l from-file -r -F -d 'read logs from files (- is stdin), offline'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l dynos -r -F -d 'with --from-file: the API\'s dynos, or a ps --json'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l archive -r -F -d 'read the lines of an archive, offline'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l engine -x -d 'with --archive: quack://, sc:// or clickhouse:// answers'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l engine-timeout -x -d 'end a query of the engine after that long (10m)'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l listen -x -d 'follow the log that long (5m), then judge'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l watch -x -d 'follow the log and judge every 30s, or so often'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l on -x -d 'run the command behind -- on each change, or when critical'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l cooldown -x -d 'with --on: no second run so soon (10m), unless it is graver'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l state -x -d 'with --on: keep there what was seen and told'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l since -x -d 'count lines since then: 10m, 02:30, a date'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l until -x -d 'count lines until then'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l type -x -a '(__herodyno_seen type)' -d 'look at this process type only'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l dyno -x -a '(__herodyno_seen dyno)' -d 'judge this dyno (a name or id) beside its peers'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l top -x -d 'of several apps, open the N worst'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l full -d 'on a terminal, the whole report and not its first screen'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l plot -x -a 'memory swap load requests errors latency' -d 'draw this of each dyno over time'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l output -s o -x -d 'text, json, jsonl: one finding a line, md: a draft, openmetrics'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l file -r -F -d 'with -o openmetrics: put it there, whole or not'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l fail-on -x -d 'exit 0 below critical or warning; never: always'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l not-enough -x -d 'count too little data as ok (exit 0) or as unknown'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l nagios -d 'one line for monitoring; exit code 0, 1, 2 or 3'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l bundle -r -F -d 'also keep all this was judged from, redacted'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l from-bundle -r -F -d 'judge a bundle again, offline'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l no-redact -d 'leave all but tokens as it is in files'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l html -x -d 'also write a page with pictures, redacted'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l png -x -d 'also draw: overview, errors, FILE.png'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l svg -x -d 'the same as SVG'
complete -c herodyno -n '__herodyno_at \'diagnose\'' -l from-report -x -d 'show a page\'s verdict again'
complete -c herodyno -n '__herodyno_at \'top\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'top\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'top\'' -l every -x -d 'ask the API so often: 5s'
complete -c herodyno -n '__herodyno_at \'top\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'top\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'explain\'' -a 'H10 H11 H12 H13 H14 H15 H16 H17 H18 H19 H20 H21 H22 H23 H24 H25 H26 H27 H28 H31 H32 H33 H34 H70 H80 H81 H82 H83 H99 R10 R11 R12 R13 R14 R15 R16 R17 R99 L10 L11 L12 L13 L14 L15'
complete -c herodyno -n '__herodyno_at \'releases\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'releases\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'releases\'' -l num -s n -x -d 'the newest N'
complete -c herodyno -n '__herodyno_at \'releases\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'releases\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'releases\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'releases\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'releases\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'sizes\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'sizes\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'sizes\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'sizes\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'sizes\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'sizes\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'sizes\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'profile\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'profile\'' -l from-file -r -F -d 'read a log file in place of an archive'
complete -c herodyno -n '__herodyno_at \'profile\'' -l archive -r -F -d 'read the lines of an archive, offline'
complete -c herodyno -n '__herodyno_at \'profile\'' -l engine -x -d 'with --archive: quack://, sc:// or clickhouse:// answers'
complete -c herodyno -n '__herodyno_at \'profile\'' -l engine-timeout -x -d 'end a query of the engine after that long (10m)'
complete -c herodyno -n '__herodyno_at \'profile\'' -l since -x -d 'lines since then, before the last one (14d)'
complete -c herodyno -n '__herodyno_at \'profile\'' -l output -s o -x -d 'text, json or toml'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a drain -d 'add, list, remove'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a receive -d 'Receive log drains into an archive until Ctrl-C'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a compact -d 'Put what archive receive has written down into the days of its archive'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a import -d 'Put log files into an archive: every kind that diagnose --from-file reads'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a status -d 'Show which apps an archive holds, from when to when, and its size'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a verify -d 'Read every line of an archive and say what is wrong with it'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a prune -d 'Drop the days of an archive that ended longer ago than --keep (30 days)'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a export -d 'Print the lines of an app, in the order of time'
complete -c herodyno -n '__herodyno_first_at \'archive\'' -a password -d 'Make a password for the drain of an app, and print the line that adds the drain'
complete -c herodyno -n '__herodyno_first_at \'archive drain\'' -a add -d 'Make a drain\'s password in the archive, and add the drain at Heroku'
complete -c herodyno -n '__herodyno_first_at \'archive drain\'' -a list -d 'List the drains of an app; with --archive, which are of it and when they sent'
complete -c herodyno -n '__herodyno_first_at \'archive drain\'' -a remove -d 'Remove a drain at Heroku, by its host, token or id'
complete -c herodyno -n '__herodyno_at \'archive drain add\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive drain add\'' -l url -x -d 'https address at which Heroku reaches the receiver'
complete -c herodyno -n '__herodyno_at \'archive drain add\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'archive drain add\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'archive drain add\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'archive drain add\'' -l confirm -x -a '(__herodyno_seen app)' -d 'confirm by the app\'s name'
complete -c herodyno -n '__herodyno_at \'archive drain add\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l host -x -d 'address to listen at'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l port -x -d '0 takes a free one'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l allow-remote -d 'listen at an address that others can reach'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l cert -r -F -d 'certificate, where TLS does not end in front'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l key -r -F -d 'key of the certificate'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l keep -x -d 'drop days older than this (24h)'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l no-compact -d 'do not compact each hour'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l poll -d 'ask Heroku each minute which dynos run'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l bundle-on -x -d 'keep a bundle when the verdict turns critical, or warning'
complete -c herodyno -n '__herodyno_at \'archive receive\'' -l bundle-dir -r -F -d 'where bundles go (ARCHIVE/bundles)'
complete -c herodyno -n '__herodyno_at \'archive compact\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive import\'' -F
complete -c herodyno -n '__herodyno_at \'archive import\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive import\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'archive import\'' -l year -x -d 'year of times that have none: 2025, or newest (not in the future)'
complete -c herodyno -n '__herodyno_at \'archive status\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive verify\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive prune\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive prune\'' -l keep -x -d 'keep the days of so long (30d)'
complete -c herodyno -n '__herodyno_at \'archive prune\'' -l day -x -d 'drop this day alone (2038-01-19)'
complete -c herodyno -n '__herodyno_at \'archive prune\'' -l dry-run -d 'say which days would go'
complete -c herodyno -n '__herodyno_at \'archive export\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive export\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'archive export\'' -l since -x -d 'lines since then: 24h, 02:30, a date'
complete -c herodyno -n '__herodyno_at \'archive export\'' -l until -x -d 'lines until then'
complete -c herodyno -n '__herodyno_at \'archive export\'' -l output -s o -x -d 'text, raw (as it came), jsonl (all columns), otlp, parquet'
complete -c herodyno -n '__herodyno_at \'archive export\'' -l to -r -F -d 'the file of -o parquet'
complete -c herodyno -n '__herodyno_at \'archive drain list\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'archive drain list\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'archive drain list\'' -l archive -r -F -d 'folder of the archive it sends to'
complete -c herodyno -n '__herodyno_at \'archive drain remove\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'archive drain remove\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'archive drain remove\'' -l archive -r -F -d 'folder of the archive it sends to'
complete -c herodyno -n '__herodyno_at \'archive drain remove\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'archive drain remove\'' -l confirm -x -a '(__herodyno_seen app)' -d 'confirm by the app\'s name'
complete -c herodyno -n '__herodyno_at \'archive drain remove\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'archive password\'' -l archive -r -F -d 'folder of the archive'
complete -c herodyno -n '__herodyno_at \'archive password\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'archive password\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'archive password\'' -l url -x -d 'https address at which Heroku reaches the receiver'
complete -c herodyno -n '__herodyno_at \'archive password\'' -l drop-old -d 'make none, and refuse all but the newest'
complete -c herodyno -n '__herodyno_at \'scale\'' -a '(__herodyno_scale)'
complete -c herodyno -n '__herodyno_at \'scale\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'scale\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'scale\'' -l wait -d 'wait until the dynos are up'
complete -c herodyno -n '__herodyno_at \'scale\'' -l timeout -x -d 'give up after this long'
complete -c herodyno -n '__herodyno_at \'scale\'' -l if-quantity -x -d 'only if it has N now'
complete -c herodyno -n '__herodyno_at \'scale\'' -l save -r -F -d 'write the formation to a file (TOML)'
complete -c herodyno -n '__herodyno_at \'scale\'' -l apply -r -F -d 'make the formation what the file says'
complete -c herodyno -n '__herodyno_at \'scale\'' -l diff -r -F -d 'show what --apply would change'
complete -c herodyno -n '__herodyno_at \'scale\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'scale\'' -l confirm -x -a '(__herodyno_seen app)' -d 'confirm by the app\'s name'
complete -c herodyno -n '__herodyno_at \'scale\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'scale\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'scale\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'scale\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'scale\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'scale\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'restart\'' -a '(__herodyno_target)'
complete -c herodyno -n '__herodyno_at \'restart\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'restart\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'restart\'' -l if-id -x -d 'only if it is still this dyno id'
complete -c herodyno -n '__herodyno_at \'restart\'' -l verify -x -d 'compare error rates after this long'
complete -c herodyno -n '__herodyno_at \'restart\'' -l wait -d 'wait until the dynos are up'
complete -c herodyno -n '__herodyno_at \'restart\'' -l timeout -x -d 'give up after this long'
complete -c herodyno -n '__herodyno_at \'restart\'' -l over-memory -x -d 'only dynos above it: 90%'
complete -c herodyno -n '__herodyno_at \'restart\'' -l older-than -x -d 'only older dynos: 12h'
complete -c herodyno -n '__herodyno_at \'restart\'' -l stale-release -d 'only those behind the newest release'
complete -c herodyno -n '__herodyno_at \'restart\'' -l crashed -d 'only crashed dynos'
complete -c herodyno -n '__herodyno_at \'restart\'' -l rolling -d 'batch by batch, each up before the next'
complete -c herodyno -n '__herodyno_at \'restart\'' -l batch -x -d 'dynos at once: 1, 2, 25%'
complete -c herodyno -n '__herodyno_at \'restart\'' -l pause -x -d 'rest between two batches'
complete -c herodyno -n '__herodyno_at \'restart\'' -l order -x -a 'worst oldest name' -d 'which dynos first'
complete -c herodyno -n '__herodyno_at \'restart\'' -l steady -x -d 'a new dyno must stay up this long'
complete -c herodyno -n '__herodyno_at \'restart\'' -l probe -x -d 'must answer below 400 after each batch'
complete -c herodyno -n '__herodyno_at \'restart\'' -l on-error -x -a 'stop continue ask' -d 'after a batch that failed'
complete -c herodyno -n '__herodyno_at \'restart\'' -l resume -d 'go on with an interrupted --rolling'
complete -c herodyno -n '__herodyno_at \'restart\'' -l max-share -x -d 'of a type\'s up dynos, most to take at once'
complete -c herodyno -n '__herodyno_at \'restart\'' -l cooldown -x -d 'leave out dynos younger than this'
complete -c herodyno -n '__herodyno_at \'restart\'' -l max-per-hour -x -d 'refuse beyond N restarts'
complete -c herodyno -n '__herodyno_at \'restart\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'restart\'' -l confirm -x -a '(__herodyno_seen app)' -d 'confirm by the app\'s name'
complete -c herodyno -n '__herodyno_at \'restart\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'restart\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'restart\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'restart\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'restart\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'restart\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'stop\'' -a '(__herodyno_target)'
complete -c herodyno -n '__herodyno_at \'stop\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on; again for one more [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'stop\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'stop\'' -l type -x -a '(__herodyno_seen type)' -d 'dynos of this process type, such as run'
complete -c herodyno -n '__herodyno_at \'stop\'' -l older-than -x -d 'only older dynos: 6h'
complete -c herodyno -n '__herodyno_at \'stop\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'stop\'' -l confirm -x -a '(__herodyno_seen app)' -d 'confirm by the app\'s name'
complete -c herodyno -n '__herodyno_at \'stop\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'stop\'' -l apps -x -d 'apps by name: \'shop-*\'; a line for each'
complete -c herodyno -n '__herodyno_at \'stop\'' -l team -x -d 'apps of a team'
complete -c herodyno -n '__herodyno_at \'stop\'' -l pipeline -x -d 'apps of a pipeline'
complete -c herodyno -n '__herodyno_at \'stop\'' -l stage -x -a 'test review development staging production' -d 'with --pipeline: only those of production, staging'
complete -c herodyno -n '__herodyno_at \'stop\'' -l apps-file -r -F -d 'apps that a file names, one a line'
complete -c herodyno -n '__herodyno_at \'rollback\'' -a '(__herodyno_seen release)'
complete -c herodyno -n '__herodyno_at \'rollback\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'rollback\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'rollback\'' -l wait -d 'wait until the dynos are up'
complete -c herodyno -n '__herodyno_at \'rollback\'' -l timeout -x -d 'give up after this long'
complete -c herodyno -n '__herodyno_at \'rollback\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'rollback\'' -l confirm -x -a '(__herodyno_seen app)' -d 'confirm by the app\'s name'
complete -c herodyno -n '__herodyno_at \'rollback\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'wait\'' -a '(__herodyno_seen type)'
complete -c herodyno -n '__herodyno_at \'wait\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'wait\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'wait\'' -l release -x -a '(__herodyno_seen release)' -d 'this release or a later one'
complete -c herodyno -n '__herodyno_at \'wait\'' -l timeout -x -d 'give up after this long'
complete -c herodyno -n '__herodyno_at \'journal\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'journal\'' -l since -x -d 'those since then: 2h, 14:30, yesterday, a date'
complete -c herodyno -n '__herodyno_at \'journal\'' -l last -x -d 'how many, newest last; 20, with --since all'
complete -c herodyno -n '__herodyno_first_at \'run\'' -a list -d 'one-off dynos: age, size, price so far, command'
complete -c herodyno -n '__herodyno_at \'run\'' -F
complete -c herodyno -n '__herodyno_at \'run\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'run\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_at \'run\'' -l size -s s -x -a '(__herodyno_seen size)' -d 'dyno size, as in: herodyno sizes'
complete -c herodyno -n '__herodyno_at \'run\'' -l type -x -a '(__herodyno_seen type)' -d 'process type to run as, instead of run'
complete -c herodyno -n '__herodyno_at \'run\'' -l env -s e -x -d 'set a variable; NAME alone takes its value from here'
complete -c herodyno -n '__herodyno_at \'run\'' -l env-file -r -F -d 'variables, NAME=VALUE on each line'
complete -c herodyno -n '__herodyno_at \'run\'' -l tty -l no-tty -d 'give the command a terminal or none'
complete -c herodyno -n '__herodyno_at \'run\'' -l timeout -x -d 'stop the dyno after this long'
complete -c herodyno -n '__herodyno_at \'run\'' -l ttl -x -d 'Heroku stops the dyno after this long (up to 24h)'
complete -c herodyno -n '__herodyno_at \'run\'' -l detach -d 'start it, print its name and id, and leave'
complete -c herodyno -n '__herodyno_at \'run\'' -l wait -d 'with --detach: follow its log to the end'
complete -c herodyno -n '__herodyno_at \'run\'' -l no-exit-code -d 'send the command as it is; exit 0 when it is over'
complete -c herodyno -n '__herodyno_at \'run\'' -l no-launcher -d 'do not set up a buildpack-native app\'s environment'
complete -c herodyno -n '__herodyno_at \'run\'' -l dry-run -d 'print the calls, send nothing'
complete -c herodyno -n '__herodyno_at \'run\'' -l confirm -x -a '(__herodyno_seen app)' -d 'confirm by the app\'s name'
complete -c herodyno -n '__herodyno_at \'run\'' -l read-only -d 'refuse every change [HERODYNO_READ_ONLY]'
complete -c herodyno -n '__herodyno_at \'run list\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'run list\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_first_at \'auth\'' -a login -d 'Log in, and keep the token in the system\'s keyring and nowhere else'
complete -c herodyno -n '__herodyno_first_at \'auth\'' -a logout -d 'Revoke the token of herodyno\'s login and remove it from the keyring'
complete -c herodyno -n '__herodyno_first_at \'auth\'' -a status -d 'Show which token is used, what it may do until when, and the accounts here'
complete -c herodyno -n '__herodyno_first_at \'auth\'' -a token -d 'Print the token that commands use, or a new, lesser one, for another program'
complete -c herodyno -n '__herodyno_at \'auth login\'' -l interactive -s i -d 'e-mail, password, second factor; no browser'
complete -c herodyno -n '__herodyno_at \'auth login\'' -l token-stdin -d 'read a token you already have from stdin'
complete -c herodyno -n '__herodyno_at \'auth login\'' -l browser -x -d 'browser to open'
complete -c herodyno -n '__herodyno_at \'auth login\'' -l expires-in -s e -x -d 'how long the token lives: at most 30 days'
complete -c herodyno -n '__herodyno_at \'auth login\'' -l scope -x -d 'what the token may do: read, write, global …'
complete -c herodyno -n '__herodyno_at \'auth login\'' -l insecure-storage -d 'allow a keyring that is a plain-text file'
complete -c herodyno -n '__herodyno_at \'auth logout\'' -l keep-token -d 'remove it here, but leave it valid at Heroku'
complete -c herodyno -n '__herodyno_at \'auth token\'' -l for -x -d 'a new token that ends after this long [1h]'
complete -c herodyno -n '__herodyno_at \'auth token\'' -l scope -x -d 'a new token that may do only this [read]'
complete -c herodyno -n '__herodyno_at \'config\'' -l app -s a -x -a '(__herodyno_seen app)' -d 'app to work on [HEROKU_APP]'
complete -c herodyno -n '__herodyno_at \'config\'' -l remote -s r -x -a '(git remote 2>/dev/null)' -d 'git remote that names the app'
complete -c herodyno -n '__herodyno_first_at \'completion\'' -a install -d 'Put the completion script where this user\'s shell looks for it'
complete -c herodyno -n '__herodyno_first_at \'completion\'' -a show -d 'Print the completion script of a shell'
complete -c herodyno -n '__herodyno_first_at \'completion\'' -a refresh -d 'Ask Heroku for the names of your apps, so that TAB knows them'
complete -c herodyno -n '__herodyno_at \'completion install\'' -a 'bash zsh fish'
complete -c herodyno -n '__herodyno_at \'completion show\'' -a 'bash zsh fish'
complete -c herodyno -n '__herodyno_at \'demo\'' -l scenario -x -a 'healthy one-bad-dyno some-bad-dynos release-broke-app memory-growing-worker warm-up crash-loop scaled-to-zero clients-leaving slow-dyno restart-that-fixed-it too-little-data single-dyno one-client-or-path platform-trouble preboot damaged-slug platform-cannot-start left-running lines-lost overloaded autoscaled outage-with-crashes rollback-that-cured retry-storm failing-job failed-release two-workers fir-app fleet' -d 'which incident to show'
complete -c herodyno -n '__herodyno_at \'demo\'' -l archive -r -F -d 'two days in an archive instead; kept in a new DIR, or not'
complete -c herodyno -n '__herodyno_first_at \'sandbox\'' -a serve -d 'Serve a simulated Heroku on 127.0.0.1 until Ctrl-C'
complete -c herodyno -n '__herodyno_first_at \'sandbox\'' -a shell -d 'Open a shell in which Heroku is the sandbox; or run one command so'
complete -c herodyno -n '__herodyno_first_at \'sandbox\'' -a scenarios -d 'List the scenarios: what happens in the simulated app'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l scenario -x -a 'healthy one-bad-dyno some-bad-dynos release-broke-app memory-growing-worker warm-up crash-loop scaled-to-zero clients-leaving slow-dyno restart-that-fixed-it too-little-data single-dyno one-client-or-path platform-trouble preboot damaged-slug platform-cannot-start left-running lines-lost overloaded autoscaled outage-with-crashes rollback-that-cured retry-storm failing-job failed-release two-workers fir-app fleet' -d 'see: herodyno sandbox scenarios'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l speed -x -d 'seconds of its time in one real second'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l port -x -d '0 takes a free one'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l seed -x -d 'another seed, another course of the scenario'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l two-factor -x -d 'ask for this second factor'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l calls -x -d 'API calls until it answers 429'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l cut-tails -x -d 'end log tails after N lines; 0 never'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l drain -x -d 'send the first app\'s log there: http://127.0.0.1:N'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l archive -r -F -d 'make that drain\'s password in this archive'
complete -c herodyno -n '__herodyno_at \'sandbox serve\'' -l real-shell -d 'one-off dynos run commands of YOUR machine, not harmless ones'
complete -c herodyno -n '__herodyno_at \'sandbox shell\'' -F
complete -c herodyno -n '__herodyno_at \'sandbox shell\'' -l scenario -x -a 'healthy one-bad-dyno some-bad-dynos release-broke-app memory-growing-worker warm-up crash-loop scaled-to-zero clients-leaving slow-dyno restart-that-fixed-it too-little-data single-dyno one-client-or-path platform-trouble preboot damaged-slug platform-cannot-start left-running lines-lost overloaded autoscaled outage-with-crashes rollback-that-cured retry-storm failing-job failed-release two-workers fir-app fleet' -d 'see: herodyno sandbox scenarios'
complete -c herodyno -n '__herodyno_at \'sandbox shell\'' -l speed -x -d 'seconds of its time in one real second'
complete -c herodyno -n '__herodyno_at \'sandbox shell\'' -l seed -x -d 'another seed, another course of the scenario'
complete -c herodyno -n '__herodyno_at \'sandbox shell\'' -l two-factor -x -d 'ask for this second factor'
complete -c herodyno -n '__herodyno_at \'sandbox shell\'' -l real-shell -d 'one-off dynos run commands of YOUR machine, not harmless ones'
complete -c herodyno -n '__herodyno_at \'help\'' -a 'archive auth completion config demo diagnose environment exit-codes explain journal lnav logs profile ps releases restart rollback run sandbox scale sizes stop top wait'
