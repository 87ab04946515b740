# What every peer is asked of the log: per dyno the requests, errors by code, service times, memory, R codes, exceptions.
/heroku\[router\]: / {
    dyno = code = service = status = ""
    for (i = 3; i <= NF; i++) {
        if ($i ~ /^dyno=/) dyno = substr($i, 6)
        else if ($i ~ /^code=/) code = substr($i, 6)
        else if ($i ~ /^service=/) service = substr($i, 9) + 0
        else if ($i ~ /^status=/) status = substr($i, 8)
    }
    requests[dyno]++
    if (code != "") errors[dyno " " code]++
    if (status >= 500) errors[dyno " " status]++
    times[dyno " " service]++
    next
}
/ sample#memory_total=/ {
    match($0, /source=[^ ]+/); dyno = substr($0, RSTART + 7, RLENGTH - 7)
    match($0, /sample#memory_total=[0-9.]+/); total = substr($0, RSTART + 20, RLENGTH - 20) + 0
    if (total > memory[dyno]) memory[dyno] = total
    samples[dyno]++
    next
}
/: Error R[0-9][0-9] / { match($0, /Error R[0-9][0-9]/); errors[$2 " " substr($0, RSTART + 6, 3)]++; next }
/: State changed from / { changes[$2]++; next }
/(Error|Exception)/ { exceptions[$2]++ }
END {
    for (dyno in requests) print "requests", dyno, requests[dyno]
    for (key in errors) print "errors", key, errors[key]
    for (key in times) distinct++
    print "distinct service times", distinct
    for (dyno in memory) print "memory", dyno, memory[dyno], samples[dyno]
    for (dyno in exceptions) print "exceptions", dyno, exceptions[dyno]
}
