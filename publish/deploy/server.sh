#!/bin/sh
# The server's side of a deploy.  It is sent along with each command, so nothing has to
# be installed on the server.  POSIX sh.
#
#   server.sh ACTION BASE [ARGUMENT …]
#
#   BASE/current      a symbolic link to the live release, switched by rename
#   BASE/releases/ID  site/ (for the web server), conf/ (for nginx), SUMS, SHARED
#   BASE/shared       files whose names change with their bytes; only ever added to
#   BASE/incoming/ID  a release on its way in
#   BASE/lock         who is deploying: token, holder, beat (seconds), pid
set -eu
umask 022
LC_ALL=C
export LC_ALL

action=$1
base=$2
shift 2

fail() {
    printf '%s\n' "$1" >&2
    exit "${2:-1}"
}

check_sums() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum -c --quiet "$1"
    else
        shasum -a 256 -c --quiet "$1"
    fi
}

owns_lock() {
    [ "$(cat "$base/lock/token" 2>/dev/null)" = "$1" ] || fail "The lock is not ours any more." 76
}

# The lock is stale if its process has ended, or has been silent for more than $1 seconds.
is_stale() {
    [ -s "$base/lock/pid" ] || sleep 1
    pid=$(cat "$base/lock/pid" 2>/dev/null) || return 0
    beat=$(cat "$base/lock/beat" 2>/dev/null) || return 0
    kill -0 "$pid" 2>/dev/null || return 0
    [ $(($(date +%s) - beat)) -gt "$1" ]
}

# Moves a stale lock aside; if somebody else was faster, gives theirs back.
break_lock() {
    seen=$(cat "$base/lock/token" 2>/dev/null) || seen=
    old=$(cat "$base/lock/pid" 2>/dev/null) || old=
    mv "$base/lock" "$base/lock.$1" 2>/dev/null || return 0
    if [ "$(cat "$base/lock.$1/token" 2>/dev/null)" != "$seen" ]; then
        mv "$base/lock.$1" "$base/lock"
        return 0
    fi
    rm -rf "$base/lock.$1"
    [ -z "$old" ] || kill "$old" 2>/dev/null || :
}

take_lock() {
    mkdir "$base/lock" 2>/dev/null || return 1
    printf '%s\n' "$1" >"$base/lock/token"
    printf '%s\n' "$2" >"$base/lock/holder"
    date +%s >"$base/lock/beat"
    printf '%s\n' $$ >"$base/lock/pid"
}

release_lock() {
    [ "$(cat "$base/lock/token" 2>/dev/null)" != "$1" ] || rm -rf "$base/lock"
}

make_folders() {
    for folder in releases shared incoming; do
        mkdir -p "$base/$folder" || exit 73
    done
    { : >"$base/.writable"; } || exit 73
    rm -f "$base/.writable"
}

clear_leftovers() {
    # What a killed deploy started may still be writing for a moment.
    rm -rf "$base/incoming" 2>/dev/null || { sleep 2; rm -rf "$base/incoming"; }
    rm -rf "$base/current.next" "$base"/lock.*
    mkdir -p "$base/incoming"
}

# Holds the lock while the other end keeps talking; its end, however it comes, frees it.
hold_lock() {
    token=$1
    [ ! -e "$base/lock" ] || ! is_stale "$2" || break_lock "$token"
    take_lock "$token" "$3" || fail "$(cat "$base/lock/holder" 2>/dev/null || echo somebody)" 75
    trap 'release_lock "$token"' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    clear_leftovers
    echo locked
    while read -r _; do
        owns_lock "$token"
        date +%s >"$base/lock/beat"
    done
}

point_current_at() {
    [ -L "$base/current" ] || [ ! -e "$base/current" ] || fail "$base/current is not a symbolic link."
    rm -f "$base/current.next"
    ln -s "releases/$1" "$base/current.next"
    mv -fT "$base/current.next" "$base/current" 2>/dev/null ||
        mv -fh "$base/current.next" "$base/current" 2>/dev/null ||
        perl -e 'rename $ARGV[0], $ARGV[1] or die $!' "$base/current.next" "$base/current"
}

case $action in
lock)
    make_folders
    hold_lock "$@"
    ;;
state)
    [ ! -L "$base/current" ] || printf 'current %s\n' "$(basename "$(readlink "$base/current")")"
    for release in "$base"/releases/*/; do
        [ ! -f "$release/site/release.json" ] || printf 'release %s\n' "$(basename "$release")"
    done
    ;;
manifest)
    cat "$base/releases/$1/site/release.json"
    ;;
verify)
    owns_lock "$1"
    cd "$base/incoming/$2"
    check_sums SUMS >&2 || exit 74
    [ "$(find site conf -type f | wc -l)" -eq "$(wc -l <SUMS)" ] || fail "There are files that do not belong there." 74
    cd "$base/shared"
    check_sums "$base/incoming/$2/SHARED" >&2 || exit 74
    ;;
# activate TOKEN ID [FOLDER …]: the folders are links into shared/.
activate)
    owns_lock "$1"
    release=$2
    shift 2
    if [ -d "$base/incoming/$release" ]; then
        for folder in "$@"; do
            [ -d "$base/shared/$folder" ] || continue
            up=$(printf '%s\n' "$folder" | sed 's,[^/][^/]*,..,g')
            mkdir -p "$(dirname "$base/incoming/$release/site/$folder")"
            ln -s "$up/../../shared/$folder" "$base/incoming/$release/site/$folder"
        done
        mv "$base/incoming/$release" "$base/releases/$release"
    fi
    [ -f "$base/releases/$release/site/release.json" ] || fail "There is no release $release."
    point_current_at "$release"
    ;;
forget)
    owns_lock "$1"
    [ "$(basename "$(readlink "$base/current" 2>/dev/null)")" != "$2" ] || rm -f "$base/current"
    rm -rf "$base/incoming/$2" "$base/releases/$2"
    ;;
# prune TOKEN ID …: removes these releases, then the shared files that none of the others names.
prune)
    owns_lock "$1"
    shift
    live=$(basename "$(readlink "$base/current" 2>/dev/null)")
    for release in "$@"; do
        [ "$release" = "$live" ] || rm -rf "$base/releases/$release"
    done
    cd "$base/shared"
    cat "$base"/releases/*/SHARED | sed 's/^[0-9a-f]*  //' | sort -u >"$base/incoming/named"
    find . -type f | sed 's,^\./,,' | sort | comm -23 - "$base/incoming/named" | while read -r file; do
        rm -f "./$file"
        printf '%s\n' "$file"
    done
    rm -f "$base/incoming/named"
    ;;
*)
    fail "There is no action '$action'." 64
    ;;
esac
