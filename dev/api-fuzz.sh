#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
#
# Checks the description of the API, and sends requests made from it to the demonstration's server: no answer may be a
# server's error or one that the description does not have. Arguments go to schemathesis.
set -eu
cd "$(dirname "$0")/.."

program=${PALISADE_PROGRAM:-.build/debug/palisade}
environment=.build/api-fuzz
requirements=dev/api-fuzz-requirements.txt
if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    /usr/bin/python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$environment/requirements.txt"
fi

data=$(mktemp -d /tmp/palisade-fuzz-XXXXXX)
server=""
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    [ -z "$server" ] || wait "$server" 2>/dev/null || true
    rm -rf "$data"
}
trap finish EXIT
trap 'exit 1' INT TERM

"$program" demo-data --data "$data" 2>/dev/null
"$program" server --demo --listen 127.0.0.1:0 --data "$data" >"$data/out" 2>"$data/log" &
server=$!
waited=0
until grep -q '^Ready' "$data/out"; do
    kill -0 "$server" 2>/dev/null && [ "$waited" -lt 300 ] || {
        cat "$data/log" >&2
        echo "The server did not start." >&2
        exit 1
    }
    waited=$((waited + 1))
    sleep 0.2
done
url=$(sed -n 's|^Console  \(http://[^/]*\).*|\1|p' "$data/out")

"$program" user create fuzzing-administrator --grant admin@everywhere --data "$data" >/dev/null 2>&1
token=$("$program" token create --name fuzz --scope everywhere --role Admin --user fuzzing-administrator --quiet --data "$data")

"$environment/bin/python" - "$url/api/v1/openapi.json" <<'PYTHON'
import json, sys, urllib.request
from openapi_spec_validator import OpenAPIV31SpecValidator

document = json.load(urllib.request.urlopen(sys.argv[1]))
problems = [f"{list(error.absolute_path)}: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
sys.exit("\n".join(problems) or None)
PYTHON

# It keeps notes where it runs.
status=0
(cd "$environment" && exec bin/schemathesis --config-file ../../dev/api-fuzz.toml run "$url/api/v1/openapi.json" \
    --header "Authorization: Bearer $token" "$@") || status=$?

kill -0 "$server" 2>/dev/null || {
    echo "The server did not survive." >&2
    status=1
}
if [ -s "$data/log" ]; then
    echo "The server said:" >&2
    head -n 40 "$data/log" >&2
fi
exit "$status"
