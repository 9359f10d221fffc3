#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
#
# Installs what the tests need beyond Swift, on Debian 12. Safe to run again.
set -eu

packages="nftables iproute2 util-linux procps podman runc netavark aardvark-dns iptables busybox-static chromium python3-venv libjs-codemirror"

missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
    # Tests that need a missing program are skipped with the reason, so this does not stop them.
    echo "These packages are missing, and installing them takes root; what needs them is skipped:" >&2
    echo "  sudo apt-get install --no-install-recommends$missing" >&2
    exit 0
fi
apt-get update -q
# shellcheck disable=SC2086  # one word per package
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
