#!/usr/bin/env bash
# Writes a software bill of materials of each package to artifacts/sbom, in the JSON format of CycloneDX: what users get with it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

output=artifacts/sbom
rm -rf "$output"
for project in src/*/*.csproj; do
  name=$(basename "$project" .csproj)
  dotnet restore "$project" -p:Locked=true --verbosity quiet
  dotnet tool exec --yes CycloneDX@6.3.1 -- "$project" --output "$output" --filename "$name.cdx.json" --output-format Json \
    --exclude-dev --disable-package-restore
done
