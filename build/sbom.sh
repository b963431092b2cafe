#!/usr/bin/env bash
# Writes a software bill of materials of each package to artifacts/sbom, in the JSON format of CycloneDX. What is used for the build alone
# has the scope "excluded".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

output=artifacts/sbom
rm -rf "$output"
mkdir -p artifacts
for project in src/*/*.csproj; do
  name=$(basename "$project" .csproj)
  dotnet restore "$project" -p:Locked=true --verbosity quiet
  dotnet tool exec --yes CycloneDX@6.3.1 -- "$project" --output "$output" --filename "$name.cdx.json" --output-format Json \
    --disable-package-restore --include-project-references --no-serial-number \
    --set-version "$(dotnet msbuild "$project" -getProperty:Version)" --set-type Library --set-nuget-purl >"$output.log" \
    || { cat "$output.log"; exit 1; }
  echo "$output/$name.cdx.json: $(grep -c '"scope": "required"' "$output/$name.cdx.json") dependencies," \
    "$(grep -c '"scope": "excluded"' "$output/$name.cdx.json") for the build alone"
done
