#!/usr/bin/env bash
# Writes build/locks again: the packages that each project in src is built from, with their content hashes. Run it after a version changed,
# and review the diff.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

for project in src/*/*.csproj; do
  dotnet restore "$project" -p:Locked=true -p:RestoreLockedMode=false --force-evaluate
done
git --no-pager diff --stat -- build/locks
