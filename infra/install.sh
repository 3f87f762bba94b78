#!/bin/sh
# Installs a lock file into an environment: infra/install.sh PYTHON-OF-THE-ENVIRONMENT LOCK
# By uv, about fifteen times faster than pip; by pip where uv cannot, because pip alone reads a
# company's index or certificate from pip.conf.
set -e
here=$(dirname "$0")/..
# Compiled at once: where PYTHONDONTWRITEBYTECODE is set, every start would compile everything again.
# Certificates of the machine: uv's own list knows no company's proxy.
export UV_SYSTEM_CERTS=1
[ -z "$PIP_INDEX_URL" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"

"$here/.venv/bin/uv" pip install --quiet --compile-bytecode --python "$1" --require-hashes -r "$2" 2>"$here/.venv/uv.log" ||
    "$here/.venv/bin/python" -m pip --python "$1" install --quiet --disable-pip-version-check \
        --require-hashes -r "$2" || {
    echo "binome: cannot install $2; uv said: $(tail -n 1 "$here/.venv/uv.log")" >&2
    exit 1
}
