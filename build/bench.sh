#!/usr/bin/env bash
# Measures the cost of the library. Writes the figures to artifacts/performance and docs/performance.md. Needs the .NET 10 SDK.
#
#   build/bench.sh          everything, about 15 minutes
#   build/bench.sh quick    everything, less precisely, about 5 minutes
#
# The part over HTTP needs wrk. The Debian package is installed only as root. Set INTROSPECTIONAUTH_INSTALL=no to prevent it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v wrk >/dev/null; then
  if [ "${INTROSPECTIONAUTH_INSTALL:-yes}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing wrk for the part over HTTP."
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends wrk; } >/dev/null 2>&1 || true
  fi
  command -v wrk >/dev/null || echo "WARNING: wrk is not installed, so the part over HTTP is SKIPPED. Install the package 'wrk' to run it."
fi

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" measure "${1:-full}"
