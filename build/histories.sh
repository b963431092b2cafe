#!/usr/bin/env bash
# Runs random histories of the parts that keep state against models that are slow and plain. Writes the figures to docs/quality.md.
#
#   build/histories.sh [number]    so many histories of each test, 1,000,000 by default: about half an hour
#
# The tests run 2,000 of each. A history that fails is printed with its seed, after it has been made as short as possible.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

number=${1:-1000000}
project=tests/IntrospectionAuth.Tests
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
results=$(mktemp)
trap 'rm -f "$results"' EXIT
INTROSPECTIONAUTH_HISTORIES=$number dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Tests.dll" \
  -namespace IntrospectionAuth.Tests.Histories -xml "$results"

# One row for each test: its name in words, and how many histories it ran. Those with threads and those of tenants take longer.
# bash 3.2 needs the left parenthesis of the patterns.
rows=$(grep -o '<test [^>]*result="Pass"[^>]*' "$results" | sed 's/.* method="\([A-Za-z_]*\)".*/\1/; s/_/ /g' | LC_ALL=C sort \
  | while read -r test; do
      count=$number
      case $test in
        (*oncurrent*) count=$((number / 20)) ;;
        (*'settings of its tenant'*) count=$((number / 100)) ;;
      esac
      printf '| %s | %s |\n' "$test" "$(printf '%d' "$count" | sed -e ':a' -e 's/^\([0-9]*[0-9]\)\([0-9]\{3\}\)/\1,\2/' -e 'ta')"
    done)
start='<!-- figures: histories -->' end='<!-- end of figures: histories -->'
table=$(printf '| What held | Histories |\n|---|---|\n%s' "$rows")
table=$table awk -v start="$start" -v end="$end" '
  $0 == start { print; print ENVIRON["table"]; skip = 1; next }
  $0 == end { skip = 0 }
  !skip' docs/quality.md > "$results" && cp "$results" docs/quality.md
