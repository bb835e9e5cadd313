#!/bin/sh
# The one command of Common Thread.  It prepares what is missing, then hands over to
# the Python package `publish`.  POSIX sh; works from any folder.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "$root"
lock="$root/requirements.lock"
venv="$root/.venv"
stamp="$venv/.ready"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "publish.sh: $1"
    [ $# -lt 2 ] || say "  $2"
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

install_with_uv() {
    uv venv --quiet --allow-existing --python "$1" "$venv" &&
        uv pip sync --quiet --require-hashes --no-build --python "$venv/bin/python" "$lock"
}

make_venv() {
    # Debian and Ubuntu have the module's other half in a package of its own.
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 || install_venv || return 1
    "$1" -m venv "$venv"
}

install_venv() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "Installing python3-venv …"
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-venv >/dev/null
}

install_with_pip() {
    make_venv "$1" ||
        fail "Python's venv module does not work." "On Debian or Ubuntu: sudo apt-get install python3-venv"
    # Half the time would go into compiling what nobody imports; Python compiles the rest when it is needed.
    "$venv/bin/python" -m pip install -qq --no-compile --disable-pip-version-check --require-hashes --only-binary :all: -r "$lock"
}

prepare() {
    python=$(find_python) || fail "Python 3.11 or newer was not found." \
        "On Debian or Ubuntu: sudo apt-get install python3 python3-venv; on macOS: brew install python"
    say "Preparing: installing what the site is built with into .venv (once, about a minute) …"
    rm -f "$stamp"
    if command -v uv >/dev/null 2>&1; then
        install_with_uv "$python" || fail "uv could not install from requirements.lock." "Look above for the reason, then run this again."
    else
        install_with_pip "$python" || fail "pip could not install from requirements.lock." "Look above for the reason, then run this again."
    fi
    cp "$lock" "$stamp"
}

if ! cmp -s "$lock" "$stamp" || ! [ -x "$venv/bin/python" ]; then
    prepare
fi

# What is compiled is kept, also where the surroundings ask for the contrary: every command would compile it anew.
PYTHONPATH="$root" PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE='' exec "$venv/bin/python" -m publish "$@"
