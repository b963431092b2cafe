#!/usr/bin/env bash
# Runs the unit tests many times, as many runs at once as there are processors, so that each has to share them. Adds a row to
# docs/quality.md. Fails if a test failed in any run.
#
#   build/repeat.sh        30 times: about an hour on two processors
#   build/repeat.sh 10     10 times
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

runs=${1:-30}
at_once=$(getconf _NPROCESSORS_ONLN)
project=tests/IntrospectionAuth.Tests
dotnet build IntrospectionAuth.sln --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for ((copy = 1; copy <= at_once; copy++)); do
  cp -r . "$work/$copy" # tests write files beside the code
done

run() { # copy, number
  (cd "$work/$1" && dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Tests.dll" -xml "$work/$2.xml" >"$work/$2.log" 2>&1) || true
}

number=0
while [ "$number" -lt "$runs" ]; do
  for ((copy = 1; copy <= at_once && number < runs; copy++)); do
    number=$((number + 1))
    run "$copy" "$number" &
  done
  wait
  echo "$number of $runs"
done

# A run without a result file, or without a test in it, has crashed, so it counts as red.
tests=0 green=0
failures=$(cat "$work"/*.xml 2>/dev/null | grep -o '<test [^>]*result="Fail"[^>]*' | sed 's/.* method="\([A-Za-z0-9_]*\)".*/\1/' \
  | sort | uniq -c | sed 's/^ *\([0-9]*\) \(.*\)/`\2` (\1)/' | paste -sd, - | sed 's/,/, /g' || true)
for ((number = 1; number <= runs; number++)); do
  [ -s "$work/$number.xml" ] || continue
  count=$(grep -o '<test ' "$work/$number.xml" | grep -c . || true)
  [ "$count" -gt 0 ] || continue
  if [ "$count" -gt "$tests" ]; then tests=$count; fi
  if ! grep -q '<test [^>]*result="Fail"' "$work/$number.xml"; then green=$((green + 1)); fi
done

tests=$(sed -e ':a' -e 's/^\([0-9]*[0-9]\)\([0-9]\{3\}\)/\1,\2/' -e 'ta' <<<"$tests")
row=$(printf '| %s | %s | %s | %s | %s | %s |' "$(date -u +%F)" "$at_once" "$tests" "$runs" "$green" "${failures:-none}")
echo "$row"
grep -h '\[FAIL\]' "$work"/*.log | sort | uniq -c || true
row=$row awk '$0 == "<!-- end of figures: repeat -->" { print ENVIRON["row"] } { print }' docs/quality.md >"$work/quality.md"
cp "$work/quality.md" docs/quality.md
[ "$green" -eq "$runs" ]
