#!/usr/bin/env bash
# Runs three nodes with five tenants while authorization servers, Redis, networks, nodes and settings fail, restart and change at once.
# Fails if a response is wrong, or if memory, handles, threads or sockets grow. Writes the figures to docs/quality.md.
#
#   build/endurance.sh          for an hour, with about 190 requests a second
#   build/endurance.sh 2        for two minutes, which is too short to say anything about growth
#
# The logs of the nodes and the figures are in artifacts/performance. Needs redis-server. The Debian package is installed only as root.
# Set INTROSPECTIONAUTH_INSTALL=no to prevent it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build/install-redis.sh

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" endurance "${1:-60}"
