#!/usr/bin/env bash
# Loads an API while its authorization server fails in every way, and checks each response. Fails if one is wrong.
#
#   build/soak.sh                          for ten minutes
#   build/soak.sh 2                        for two
#   build/soak.sh 2 Cache:DefaultAge=1     with further settings of the scheme, as in configuration
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" soak "$@"
