#!/usr/bin/env bash
# Fuzzes the readers of input that others control, guided by coverage, and compares each with a second, plain reading. Needs the .NET 10
# SDK.
#
#   build/fuzz.sh                     every target for a minute
#   build/fuzz.sh response            one target for a minute
#   build/fuzz.sh response 3600       for an hour
#   build/fuzz.sh all 3600            every target for an hour each
#
# A copy of the library in artifacts/fuzzing is instrumented, never the one that tests and packages use. Inputs that take new branches are
# kept in artifacts/fuzzing/corpus. At the end the shortest of them go to tests/IntrospectionAuth.Fuzzing/Corpus, and the executions to
# docs/quality.md. Findings go there at once, as finding-*; a test replays all of them. It uses one core, at the lowest priority.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:-all}
seconds=${2:-60}

project=tests/IntrospectionAuth.Fuzzing
work=artifacts/fuzzing
corpora=$project/Corpus

# Never the output of the build itself: tests and packages use that.
dotnet tool restore >/dev/null
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
mkdir -p "$work/corpus"
rm -rf "$work/bin"
cp -r "$project/bin/Release/net10.0" "$work/bin"
dotnet sharpfuzz "$work/bin/IntrospectionAuth.dll"

export DOTNET_gcServer=0 DOTNET_gcConcurrent=0 DOTNET_TieredPGO=0 DOTNET_GCgen0size=4000000
fuzz() { # command, arguments
  nice -n 19 dotnet "$work/bin/IntrospectionAuth.Fuzzing.dll" "$@"
}

status=0
if [ "$target" = all ]; then targets=$(fuzz targets); else targets=$target; fi
for name in $targets; do
  mkdir -p "$work/corpus/$name" "$corpora/$name"
  cp "$corpora/$name"/* "$work/corpus/$name" 2>/dev/null || true
  if ! fuzz run "$name" "$seconds" "$work/corpus/$name" "$work"; then
    status=1
    fuzz recover "$name" "$work/corpus/$name" "$work" || true
  fi

  find "$work/corpus/$name" -name 'finding-*' -exec cp {} "$corpora/$name" \;
  rm -rf "$work/minimal"
  fuzz minimize "$name" "$work/corpus/$name" "$work/minimal" || continue
  find "$corpora/$name" -type f ! -name '*-*' -delete
  [ ! -d "$work/minimal" ] || cp "$work/minimal"/* "$corpora/$name"
done

fuzz figures docs/quality.md "$work" "$corpora"
exit "$status"
