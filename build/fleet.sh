#!/usr/bin/env bash
# Loads three nodes that share responses and removals through Redis, which fails in every way. Fails if a response is wrong.
#
#   build/fleet.sh            for ten minutes
#   build/fleet.sh 2          for two
#   build/fleet.sh measure    measures removals, misses, entries and calls instead, in about 2 minutes
#
# Needs redis-server. The Debian package is installed only as root. Set INTROSPECTIONAUTH_INSTALL=no to prevent it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v redis-server >/dev/null; then
  if [ "${INTROSPECTIONAUTH_INSTALL:-yes}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing redis-server."
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server; } >/dev/null 2>&1 || true
  fi
  command -v redis-server >/dev/null || { echo "redis-server is not installed. Install the package 'redis-server'."; exit 1; }
fi

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" fleet "${1:-10}"
