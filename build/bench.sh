#!/usr/bin/env bash
# Measures what the library costs; writes the figures to artifacts/performance and into docs/performance.md. Needs the .NET 10 SDK.
#
#   build/bench.sh          everything, about 12 minutes
#   build/bench.sh quick    everything, less exactly, about 3 minutes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" measure "${1:-full}"
