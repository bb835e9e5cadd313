#!/bin/sh
# The server's side of a deploy.  It is sent along with each command, so nothing has to
# be installed on the server; or root has installed it (see setup.sh).  POSIX sh.
#
#   server.sh ACTION BASE [ARGUMENT …]
#
#   BASE/current      a symbolic link to the live release, switched by rename
#   BASE/releases/ID  site/ (for the web server), conf/ (data for it), SUMS, SHARED
#   BASE/passed/ID    says that this release was live and passed its test
#   BASE/shared       files whose names change with their bytes; only ever added to
#   BASE/incoming/ID  a release on its way in
#   BASE/staging/ID   a release that is whole, but was never shown
#   BASE/try          a symbolic link to the release that is being tried out
#   BASE/deploying    who is deploying: a dangling symbolic link, so that it needs no
#                     space; its target is "TOKEN PID", its time the last beat
set -eu
umask 022
LC_ALL=C
export LC_ALL

action=$1
base=$2
shift 2
lock=$base/deploying

fail() {
    printf '%s\n' "$1" >&2
    exit "${2:-1}"
}

# Whoever may ask for these steps may name releases, and nothing else on this disk.
check_id() {
    case $1 in '' | *[!0-9A-Za-z-]*) fail "'$1' is not the name of a release." 64 ;; esac
}

check_number() {
    case $1 in '' | *[!0-9]*) fail "'$1' is not a number." 64 ;; esac
}

check_folder() {
    case $1 in '' | /* | *[!0-9a-z/-]*) fail "'$1' is not a folder of a site." 64 ;; esac
}

check_sums() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum -c --quiet "$1"
    else
        shasum -a 256 -c --quiet "$1"
    fi
}

sum_of() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -d ' ' -f 1
}

# Puts a symbolic link in the place of another one, in one step.
replace_link() {
    mv -fT "$1" "$2" 2>/dev/null || mv -fh "$1" "$2" 2>/dev/null ||
        perl -e 'rename $ARGV[0], $ARGV[1] or die $!' "$1" "$2"
}

# The lock ---------------------------------------------------------------------
lock_word() { # 1: the token, 2: the process
    readlink "$lock" 2>/dev/null | cut -d ' ' -f "$1"
}

owns_lock() {
    [ "$(lock_word 1)" = "$1" ] || fail "The lock is not ours any more." 76
}

# The lock is stale if its process has ended, or has been silent for more than $1 seconds.
is_stale() {
    pid=$(lock_word 2)
    [ -n "$pid" ] || return 0
    kill -0 "$pid" 2>/dev/null || return 0
    beat=$(stat -c %Y "$lock" 2>/dev/null || stat -f %m "$lock" 2>/dev/null) || return 0
    [ $(($(date +%s) - beat)) -gt "$1" ]
}

# Moves a stale lock aside; if somebody else was faster, gives theirs back.
break_lock() {
    seen=$(readlink "$lock") || return 0
    old=$(lock_word 2)
    replace_link "$lock" "$lock.$1" 2>/dev/null || return 0
    if [ "$(readlink "$lock.$1")" != "$seen" ]; then
        replace_link "$lock.$1" "$lock"
        return 0
    fi
    rm -f "$lock.$1"
    [ -z "$old" ] || kill "$old" 2>/dev/null || :
}

take_lock() {
    if ! complaint=$(ln -s "$1 $$" "$lock" 2>&1); then
        [ -L "$lock" ] || fail "$complaint" 73
        fail "$(cat "$lock.by" 2>/dev/null || echo somebody)" 75
    fi
    # Who it is needs space, so it may stay unsaid.
    { printf '%s\n' "$2" >"$lock.by"; } 2>/dev/null || :
}

# Clears up and frees the lock, unless it is somebody else's by now.
release_lock() {
    [ "$(lock_word 1)" = "$1" ] || return 0
    clear_leftovers 2>/dev/null || :
    rm -rf "$lock.by" "$lock"
}

make_folders() {
    for folder in releases passed shared staging incoming; do
        mkdir -p "$base/$folder" || exit 73
    done
    [ -w "$base" ] || fail "$base is not writable." 73
}

clear_leftovers() {
    # What a killed deploy started may still be writing for a moment.
    rm -rf "$base/incoming"/* 2>/dev/null || { sleep 1; rm -rf "$base/incoming"/*; }
    rm -rf "$base/staging"/* "$base/try" "$base/try.next" "$base/current.next" "$base"/lock
}

# Holds the lock while the other end keeps talking; its end, however it comes, frees it.
hold_lock() {
    token=$1
    [ ! -L "$lock" ] || ! is_stale "$2" || break_lock "$token"
    take_lock "$token" "$3"
    trap 'release_lock "$token"' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    clear_leftovers
    echo locked
    while read -r _; do
        owns_lock "$token"
        touch -h "$lock"
    done
}

# A release on its way in --------------------------------------------------------
# Brings incoming/ID to staging/ID and checks it there.  Where another user brought it
# (SEALED), who could change it afterwards, it is copied; the copy is what is checked.
place() {
    incoming=$base/incoming/$1
    staging=$base/staging/$1
    [ ! -e "$base/releases/$1" ] || fail "There is a release $1 already."
    rm -rf "$staging"
    if [ -n "${SEALED-}" ]; then
        rsync -r --checksum --chmod=D755,F444 --link-dest="$base/current/" --link-dest="$base/" \
            "$incoming/" "$staging/"
        rm -rf "$incoming"
    else
        mv "$incoming" "$staging"
    fi
    check_release "$staging"
    add_shared "$staging"
    rm -rf "$staging/shared"
}

check_release() {
    cd "$1"
    check_sums SUMS >&2 || exit 74
    [ "$(find site conf -type f | wc -l)" -eq "$(wc -l <SUMS)" ] ||
        fail "There are files that do not belong there." 74
    [ -z "$(find site conf ! -type f ! -type d)" ] || fail "There is something that is not a file." 74
    cd shared
    check_sums "$1/SHARED" >&2 || exit 74
}

# Brings the shared files of a release that was checked to the others; what another
# release vouches for stays as it is.
add_shared() {
    cd "$1/shared"
    find . -type d -exec mkdir -p "$base/shared/{}" \;
    find . -type f | while read -r file; do
        cmp -s "$file" "$base/shared/$file" || is_sound "${file#./}" || mv -f "$file" "$base/shared/$file"
    done
}

# Tells whether a shared file is there, with the bytes that some release came with.
is_sound() {
    [ -f "$base/shared/$1" ] || return 1
    cat "$base"/releases/*/SHARED 2>/dev/null | grep -xF "$(sum_of "$base/shared/$1")  $1" >/dev/null
}

# The folders of a site that are links into shared/.
link_shared() {
    site=$1
    shift
    for folder in "$@"; do
        [ -d "$base/shared/$folder" ] || continue
        up=$(printf '%s\n' "$folder" | sed 's,[^/][^/]*,..,g')
        mkdir -p "$(dirname "$site/$folder")"
        ln -s "$up/../../shared/$folder" "$site/$folder"
    done
}

live() {
    [ ! -L "$base/current" ] || basename "$(readlink "$base/current")"
}

point_current_at() {
    [ -L "$base/current" ] || [ ! -e "$base/current" ] || fail "$base/current is not a symbolic link."
    # The time of a release's folder is the last moment at which readers got it.
    [ ! -d "$base/releases/$(live)/site" ] || touch "$base/releases/$(live)"
    rm -f "$base/current.next"
    ln -s "releases/$1" "$base/current.next"
    replace_link "$base/current.next" "$base/current"
}

# Prints the shared files that no release names and that are older than $1 minutes.
unnamed() {
    cd "$base/shared"
    {
        cat "$base"/releases/*/SHARED 2>/dev/null | sed 's/^[0-9a-f]*  /named /'
        find . -type f -mmin "+$1" | sed 's,^\./,there ,'
    } | awk '
        { name = substr($0, index($0, " ") + 1) }
        $1 == "named" { named[name]; next }
        !(name in named) { print name }
    '
}

case $action in
lock)
    check_id "$1"
    check_number "$2"
    make_folders
    hold_lock "$@"
    ;;
# state MINUTES: a release that readers had less than so many minutes ago is recent; room is
# in units of 1024 bytes.
state)
    check_number "$1"
    [ ! -d "$base" ] || df -Pk "$base" | awk 'NR == 2 { print "room " $4 }'
    [ ! -L "$base/current" ] || printf 'current %s\n' "$(live)"
    for release in "$base"/releases/*/; do
        [ -f "$release/site/release.json" ] || continue
        name=$(basename "$release")
        printf 'release %s\n' "$name"
        [ ! -e "$base/passed/$name" ] || printf 'passed %s\n' "$name"
        [ -z "$(find "$release" -prune -mmin "-$1")" ] || printf 'recent %s\n' "$name"
    done
    ;;
manifest)
    check_id "$1"
    cat "$base/releases/$1/site/release.json"
    ;;
# place TOKEN ID FOLDER …
place)
    owns_lock "$1"
    check_id "$2"
    release=$2
    shift 2
    for folder in "$@"; do check_folder "$folder"; done
    (place "$release")
    link_shared "$base/staging/$release/site" "$@"
    ;;
# try TOKEN [ID]: shows a release at BASE/try, or none.
try)
    owns_lock "$1"
    rm -f "$base/try" "$base/try.next"
    [ $# -gt 1 ] || exit 0
    check_id "$2"
    place=staging
    [ -d "$base/staging/$2" ] || place=releases
    ln -s "$place/$2" "$base/try"
    ;;
activate)
    owns_lock "$1"
    check_id "$2"
    [ ! -d "$base/staging/$2" ] || mv "$base/staging/$2" "$base/releases/$2"
    [ -f "$base/releases/$2/site/release.json" ] || fail "There is no release $2."
    rm -f "$base/passed/$2"
    point_current_at "$2"
    ;;
passed)
    owns_lock "$1"
    check_id "$2"
    touch "$base/passed/$2"
    ;;
forget)
    owns_lock "$1"
    check_id "$2"
    [ "$(live)" != "$2" ] || rm -f "$base/current"
    rm -rf "$base/passed/$2" "$base/incoming/$2" "$base/staging/$2" "$base/releases/$2"
    ;;
# prune TOKEN MINUTES ID …: removes these releases, then the old shared files that none of the others names.
prune)
    owns_lock "$1"
    check_number "$2"
    minutes=$2
    shift 2
    for release in "$@"; do check_id "$release"; done
    for release in "$@"; do
        [ "$release" = "$(live)" ] || rm -rf "$base/passed/$release" "$base/releases/$release"
    done
    unnamed "$minutes" | while read -r file; do
        rm -f "$base/shared/$file"
        printf '%s\n' "$file"
    done
    ;;
*)
    fail "There is no action '$action'." 64
    ;;
esac
