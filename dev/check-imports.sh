#!/bin/sh
# Checks what the compiler does not: core modules import no outside package but the ones listed, edge modules never
# import each other, and every import has an access level or is plainly internal.
# SPDX-License-Identifier: Apache-2.0
set -eu
cd "$(dirname "$0")/.."
status=0

core="NetworkPrimitives PolicyModel PolicyFormats PolicyEvaluation PolicyAnalysis FlowModel NftablesRuleset AccessControl ChangeControl"
edge="KubernetesClient Hubble HostDatapath ContainerRuntime Storage PolicyRepository ClusterAddons GitLab Telemetry Credentials OpenIDConnect WebConsole"

imports() { # DIR -> "file:module" lines
    grep -rnE '^(@[A-Za-z_]+ +)*((public|package|internal|fileprivate|private) +)?import +' "$1" --include='*.swift' |
        sed -E 's/^([^:]+:[0-9]+):(@[A-Za-z_]+ +)*((public|package|internal|fileprivate|private) +)?import +((struct|class|enum|func|protocol) +)?([A-Za-z_0-9]+).*/\1 \7/'
}

for module in $core; do
    [ -d "Sources/$module" ] || continue
    imports "Sources/$module" | while read -r place name; do
        case " $core CLibYAML Collections OrderedCollections " in
        *" $name "*) ;;
        *) echo "$place: error: core module $module must not import $name" ;;
        esac
        [ "$name" != CLibYAML ] || [ "$module" = PolicyFormats ] || echo "$place: error: only PolicyFormats may import CLibYAML"
    done
done > /tmp/check-imports.$$ || true

if [ -d Sources/ControlPlane ]; then
    imports Sources/ControlPlane | while read -r place name; do
        case " $edge GRDB Hummingbird NIOCore AsyncHTTPClient Subprocess Netlink CNetlink " in
        *" $name "*) echo "$place: error: ControlPlane must not import $name" ;;
        esac
    done >> /tmp/check-imports.$$
fi

for module in $edge; do
    [ -d "Sources/$module" ] || continue
    imports "Sources/$module" | while read -r place name; do
        [ "$name" = "$module" ] && continue
        case " $edge " in
        *" $name "*) echo "$place: error: edge module $module must not import edge module $name" ;;
        esac
        [ "$name" != ControlPlane ] || [ "$module" = WebConsole ] || echo "$place: error: $module must not import ControlPlane"
    done >> /tmp/check-imports.$$
done

if [ -s /tmp/check-imports.$$ ]; then
    cat /tmp/check-imports.$$ >&2
    status=1
fi
rm -f /tmp/check-imports.$$
exit $status
