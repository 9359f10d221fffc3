#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Palisade authors
#
# Makes the pictures of docs/images from the demonstration's data and the built program. The data and their time are fixed,
# so the same program gives the same pictures.
set -eu
cd "$(dirname "$0")/.."

dev/browser-tests.sh --collect-only -q >/dev/null
exec .build/browser-tests/bin/python dev/screenshots.py
