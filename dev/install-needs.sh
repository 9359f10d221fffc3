#!/bin/sh
# Installs what building and running Palisade needs on Debian, or names it when that takes root.
# SPDX-License-Identifier: Apache-2.0
set -eu

packages="libyaml-dev libsqlite3-dev nftables iproute2 util-linux"

missing=""
for package in $packages; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done

command -v swift >/dev/null 2>&1 || {
    echo "Swift is missing. Install Swift 6.2 or newer from https://www.swift.org/install/ and put it on the PATH." >&2
    exit 1
}
# Bridged traffic reaches the rules only with this module; only root can load it.
if [ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then
    if [ "$(id -u)" = 0 ]; then
        modprobe br_netfilter || true
    else
        echo "The kernel module br_netfilter is missing, and loading it takes root:" >&2
        echo "  sudo modprobe br_netfilter" >&2
    fi
fi

[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 || {
        apt-get update -q >/dev/null
        # shellcheck disable=SC2086
        apt-get install -y -q --no-install-recommends $missing
    }
else
    echo "These packages are missing, and installing them takes root:" >&2
    echo "  sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
