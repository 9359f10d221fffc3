#!/bin/sh
# Builds and runs the benchmarks: one JSON line per figure on standard output, everything else on standard error.
# usage: Benchmarks/run.sh [BENCHMARK...]; without a name all of them. Those on the real kernel need root.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=${SWIFT_BACKTRACE:-enable=no}
swift=${SWIFT:-swift}
# Of the core alone: pure computation, no kernel and no root.
core="resolve resolve-dense resolve-change verdicts map map-process plan impact impact-store suggest parse lint questions"
# Of the console: child processes on the loopback interface, no root.
console="console live-clients console-idle editor-check"
all="$core engine insight startup idle packet-cost connect-rate enforcement-latency event-throughput $console"
[ "$#" -gt 0 ] || set -- $all

# The program that has a benchmark.
program() {
    case " $core " in
    *" $1 "*) echo PolicyBenchmarks ;;
    *) echo PalisadeBenchmarks ;;
    esac
}

programs=$(for name in "$@"; do program "$name"; done | sort -u)
for name in "$@"; do
    case " $core $console " in
    *" $name "*) ;;
    *)
        if [ "$(id -u)" != 0 ]; then
            echo "$name measures the real kernel in network namespaces of its own; run it as root." >&2
            exit 1
        fi
        ;;
    esac
done
case " $* " in
*" startup "* | *" map-process "* | *" console "* | *" console-idle "*) "$swift" build -c release --product palisade >&2 ;;
esac
# In the same scratch directory, so that what both packages need is compiled once.
[ -e Benchmarks/Package.resolved ] || [ ! -e Package.resolved ] || cp Package.resolved Benchmarks/Package.resolved
# The plan of the other package is not made anew in time.
rm -f .build/release.yaml
for name in $programs; do
    "$swift" build -c release --package-path Benchmarks --scratch-path .build --product "$name" >&2
done

status=0
for name in "$@"; do
    # Each in a process of its own: memory figures are of one benchmark only.
    ".build/release/$(program "$name")" "$name" || status=1
done
exit $status
