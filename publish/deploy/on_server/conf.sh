#!/bin/sh
# Root's only part in a deploy: copies the headers and redirects of the live release into
# nginx's configuration, after a look at every word of them.  Takes no arguments; the
# deploying user may run it through sudo, and cannot change it.
#
# What it reads is data, one thing a line, its fields set apart by tabs:
#   header    NAME  VALUE                    on every answer
#   map       NAME  ok|any  PREFIX  VALUE    on answers to addresses that begin so; * is the rest,
#                                            /*/ any name, and no value takes the header away
#   redirect  OLD   NEW
# Anything else, and nothing is changed.  It is read with nobody's rights, never more of it
# than could make sense, and none of it is shown.
set -eu
umask 022
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL

base=@BASE@
conf=@CONF@

check() {
    @CHECK@
}
reload() {
    @RELOAD@
}
fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

[ $# -eq 0 ] || fail "This takes no arguments."
mkdir -p "$conf"
# Nobody else may open the lock: whoever can read a file can hold its lock.
umask 077
exec 9>"$conf/lock"
umask 022
flock -w 60 9 || fail "The headers and redirects are being installed already."

as_nobody() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs "$@"
    else
        "$@"
    fi
}
read_data() {
    as_nobody timeout 10 head -c 400001 "$base/current/conf/site.data" 2>/dev/null
}

# What is installed already needs no space and no reload.
if read_data | cmp -s - "$conf/current/data"; then
    exit 0
fi
new=$(mktemp -d "$conf/set.XXXXXXXX")
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"
read_data >"$new/data" ||
    fail "The data of the live release cannot be read."
[ "$(wc -c <"$new/data")" -le 400000 ] || fail "The data of the live release is too long."

awk -F '\t' -v http="$new/http.conf" -v server="$new/server.conf" '
function bad(why) {
    print "Line " NR " of the data of the live release: " why > "/dev/stderr"
    failed = 1
    exit 1
}
# A value goes between quotation marks that it does not hold, and holds nothing that nginx would read.
function quoted(value) {
    if (length(value) > 4000 || value ~ /[^ -~]/ || value ~ /[$\\`{}]/) bad("this value may not be.")
    if (value !~ /"/) return "\"" value "\""
    if (value !~ /\047/) return "\047" value "\047"
    bad("a value with both kinds of quotation marks.")
}
function check_name(name) {
    if (!(name in known)) bad("there is no such header here.")
}
function check_address(address) {
    if (length(address) > 200 || address !~ /^(\/[a-z0-9-]+)+\/$/)
        bad("an address must be like /guides/name/.")
}
# In the address of a header a star between two slashes stands for any name.
function pattern(address,    plain) {
    plain = address
    gsub(/\/\*\//, "/any/", plain)
    check_address(plain)
    gsub(/\/\*\//, "/[a-z0-9-]+/", address)
    return address
}
BEGIN {
    split("Strict-Transport-Security X-Content-Type-Options X-Frame-Options Referrer-Policy " \
        "Cross-Origin-Opener-Policy Cross-Origin-Resource-Policy Cross-Origin-Embedder-Policy " \
        "Permissions-Policy Content-Security-Policy Integrity-Policy Cache-Control Clear-Site-Data " \
        "Access-Control-Allow-Origin Origin-Agent-Cluster X-Robots-Tag", names, " ")
    for (number in names) known[names[number]]
}
function variable(name) {
    name = tolower(name)
    gsub(/-/, "_", name)
    return "common_thread_" name
}
function once(key) {
    if (key in seen) bad("the same twice.")
    seen[key] = 1
}
NR > 6000 { bad("there are too many.") }
$1 == "header" && NF == 3 {
    check_name($2)
    once($2)
    plain = plain "add_header " $2 " " quoted($3) " always;\n"
    next
}
$1 == "map" && NF == 5 {
    check_name($2)
    if ($3 != "ok" && $3 != "any") bad("ok or any is meant.")
    if (!($2 in maps)) {
        once($2)
        order[++count] = $2
        maps[$2] = ""
        default_of[$2] = "\"\""
    }
    once($2 $4)
    if ($4 == "*") {
        default_of[$2] = quoted($5)
        next
    }
    prefix = pattern($4)
    status = $3 == "any" ? "[0-9]+" : "(?:200|206|304)"
    # Of two that fit, the later one wins; nginx takes the first.
    maps[$2] = "    \"~^" status " " prefix "\" " quoted($5) ";\n" maps[$2]
    next
}
$1 == "redirect" && NF == 3 {
    check_address($2)
    if ($3 != "/") check_address($3)
    once("redirect " $2)
    # As patterns: a table of words would need a size that other sites on this server may have set.
    redirects = redirects "    ~^" $2 "?$ " $3 ";\n"
    next
}
{ bad("this is no header, map or redirect.") }
END {
    if (failed) exit 1
    note = "# Written by conf.sh from the data of the live release.\n"
    printf "%s", note > http
    for (number = 1; number <= count; number++) {
        name = order[number]
        table = default_of[name] ";\n" maps[name]
        printf "map \"$status $uri\" $%s {\n    default %s}\n", variable(name), table > http
        plain = plain "add_header " name " $" variable(name) " always;\n"
    }
    printf "map $uri $common_thread_moved {\n    default \"\";\n%s}\n", redirects > http
    printf "%s%s", note, plain > server
}' "$new/data" || fail "The headers and redirects of the live release are not installed."

before=$(readlink "$conf/current" 2>/dev/null) || before=
point() {
    ln -sfn "$1" "$conf/next"
    mv -fT "$conf/next" "$conf/current"
}
# From here on it is done as a whole, whatever whoever asked for it does.
trap '' HUP INT TERM PIPE
point "$(basename "$new")"
if ! said=$(check 2>&1); then
    if [ -n "$before" ]; then point "$before"; else rm -f "$conf/current"; fi
    fail "nginx does not take the headers and redirects: $said"
fi
trap - EXIT
[ -z "$before" ] || rm -rf "${conf:?}/$before"
reload
