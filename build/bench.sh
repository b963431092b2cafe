#!/usr/bin/env bash
# Measures what the library costs; writes the figures to artifacts/performance and into docs/performance.md. Needs the .NET 10 SDK.
#
#   build/bench.sh          everything, about 12 minutes
#   build/bench.sh quick    everything, less exactly, about 3 minutes
#
# The part over HTTP needs wrk. Set INTROSPECTIONAUTH_INSTALL=no to keep it from installing the Debian package (it does so only as root).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v wrk >/dev/null; then
  if [ "${INTROSPECTIONAUTH_INSTALL:-yes}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing wrk: the load of the part over HTTP."
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends wrk; } >/dev/null 2>&1 || true
  fi
  command -v wrk >/dev/null || echo "WARNING: no wrk here: nothing will be measured over HTTP. Install the package 'wrk' to have it measured."
fi

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" measure "${1:-full}"
