#!/usr/bin/env bash
# Rewrites each package's PublicAPI.Unshipped.txt. Run it after adding, changing or removing a public type or member, and review the diff.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for file in src/*/PublicAPI.Unshipped.txt; do
  echo '#nullable enable' > "$file"
done

# Warning RS0016 names each public symbol that its project's files lack, and ends with [the project].
build=
for project in IntrospectionAuth.Testing IntrospectionAuth.Redis IntrospectionAuth.OpenApi IntrospectionAuth.Mcp; do
  build+=$(dotnet build "src/$project" --no-incremental -p:TreatWarningsAsErrors=false -clp:NoSummary) || { echo "$build"; exit 1; }
  build+=$'\n'
done
for file in src/*/PublicAPI.Unshipped.txt; do
  project=$(basename "$(dirname "$file")")
  sed -n "s|^.* RS0016: Symbol '\(.*\)' is not part of the declared public API.*/$project.csproj\]\$|\1|p" <<< "$build" \
    | LC_ALL=C sort -u >> "$file"
done
