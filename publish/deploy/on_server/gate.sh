#!/bin/sh
# All that the deploying key may do: the steps of a deploy, and rsync into incoming/.
# sshd runs it instead of what was asked for (see authorized_keys, setup.sh).
set -euf
LC_ALL=C
export LC_ALL
base=@BASE@
lib=@LIB@

refuse() {
    printf 'This key is for deploys only.\n' >&2
    exit 77
}

asked=${SSH_ORIGINAL_COMMAND-}
case $asked in
'' | *[!A-Za-z0-9\ ._:/@,=%+-]*) refuse ;;
esac
# shellcheck disable=SC2086 # nothing in it but blanks has a meaning for the shell
set -- $asked

run_step() {
    case ${1-} in
    refresh)
        [ $# -eq 1 ] || refuse
        exec sudo -n "$lib/conf"
        ;;
    lock | state | manifest | place | try | activate | passed | forget | prune)
        exec sudo -n -u common-thread "$lib/server" "$@"
        ;;
    esac
    refuse
}

# What rsync may be told: how to send, how long to wait, what is there already.
check_option() {
    case $1 in
    --log-format=? | --log-format=%? | --timeout=* | --copy-dest) ;;
    "$base/current/" | "$base/shared/" | "--copy-dest=$base/current/" | "--copy-dest=$base/shared/") ;;
    --*) refuse ;;
    # Small options: recursive, permissions, checksum; behind the e stands what the other end understands.
    -*e.*)
        small=${1%%e.*}
        case ${small#-} in *[!rpc]*) refuse ;; esac
        ;;
    *) refuse ;;
    esac
}

check_place() {
    name=${1#"$base/incoming/"}
    name=${name%/}
    [ "$name" != "$1" ] || refuse
    case ${name%/shared} in '' | *[!0-9A-Za-z-]*) refuse ;; esac
}

# rsync --server OPTION … . PLACE: receives, into a folder of incoming/.
run_rsync() {
    [ "${1-}" = --server ] || refuse
    shift
    options=
    while [ "${1-.}" != . ]; do
        check_option "$1"
        options="$options $1"
        shift
    done
    [ $# -eq 2 ] || refuse
    check_place "$2"
    umask 002
    # shellcheck disable=SC2086 # no option holds a blank
    exec rsync --server $options . "$2"
}

case $1 in
common-thread)
    shift
    run_step "$@"
    ;;
rsync)
    shift
    run_rsync "$@"
    ;;
esac
refuse
