#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
#
# Runs the tests in a real browser against the built program. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."

environment=.build/browser-tests
python=/usr/bin/python3
requirements=Tests/BrowserTests/requirements.txt
if ! command -v chromium >/dev/null; then
    if [ -n "${PALISADE_REQUIRE_ALL:-}" ]; then
        echo "No chromium: the tests in a browser cannot run." >&2
        exit 1
    fi
    echo "No chromium: the tests in a browser are skipped. Install it with: dev/install-test-needs.sh" >&2
    exit 0
fi
if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$environment/requirements.txt"
fi
exec "$environment/bin/python" -m pytest -q -p no:cacheprovider Tests/BrowserTests "$@"
