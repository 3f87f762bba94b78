#!/bin/sh
# Installs Debian's Chromium for the browser tests where this account may; otherwise says loudly
# that they will be skipped. Never fails: every other test must still run.

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=nobody
fi

if command -v apt-get >/dev/null 2>&1 && [ "$as_root" != nobody ]; then
    echo "installing Chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    if { $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 ||
        { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1; }; then
        exit 0
    fi
fi
echo "!!! NO CHROMIUM: the browser tests will be SKIPPED. Install it (Debian: apt install chromium) to run them. !!!"
