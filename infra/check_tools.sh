#!/bin/sh
# Says in one line what is missing before anything is installed. $1 is the Python to use.
python=${1:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "binome: $python is not installed. Install Python 3.11 or newer (Debian: apt install python3 python3-venv)." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "binome: $("$python" --version) is too old. Use Python 3.11 or newer: make run PYTHON=python3.11" >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "binome: $python cannot make virtual environments. On Debian: apt install python3-venv" >&2
    exit 1
fi
