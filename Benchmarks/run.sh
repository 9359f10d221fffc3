#!/bin/sh
# Builds and runs the benchmarks: one JSON line per figure on standard output, everything else on standard error.
# usage: Benchmarks/run.sh [BENCHMARK...]; without a name all of them. Needs root.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=${SWIFT_BACKTRACE:-enable=no}
swift=${SWIFT:-swift}
all="engine startup idle packet-cost connect-rate enforcement-latency event-throughput"
[ "$#" -gt 0 ] || set -- $all

if [ "$(id -u)" != 0 ]; then
    echo "The benchmarks measure the real kernel in network namespaces of their own; run them as root." >&2
    exit 1
fi
case " $* " in
*" startup "*) "$swift" build -c release --product palisade >&2 ;;
esac
# In the same scratch directory, so that what both packages need is compiled once.
[ -e Benchmarks/Package.resolved ] || [ ! -e Package.resolved ] || cp Package.resolved Benchmarks/Package.resolved
"$swift" build -c release --package-path Benchmarks --scratch-path .build --product PalisadeBenchmarks >&2

status=0
for name in "$@"; do
    # Each in a process of its own: memory figures are of one benchmark only.
    .build/release/PalisadeBenchmarks "$name" || status=1
done
exit $status
