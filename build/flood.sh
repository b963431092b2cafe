#!/usr/bin/env bash
# Floods an API with 100,000 invalid tokens. Writes the figures to artifacts/performance/flood.json and docs/performance.md.
#
#   build/flood.sh [quick]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" flood "${1:-full}"
