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

build/install-redis.sh

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" fleet "${1:-10}"
