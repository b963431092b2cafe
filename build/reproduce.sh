#!/usr/bin/env bash
# Packs the current commit in two clones in different folders, and compares the packages file by file. Fails if one differs, or contains a
# path of this machine. Takes about 3 minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ -z "$(git status --porcelain)" ] || echo "WARNING: what is not committed is not in the clones."
commit=$(git rev-parse HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pack() { # clone, folder for the contents of its packages
  git clone --quiet --no-hardlinks . "$1"
  git -C "$1" checkout --quiet --detach "$commit"
  git -C "$1" remote remove origin
  local project package
  for project in src/*/*.csproj; do
    dotnet pack "$1/$project" --configuration Release --output "$1/artifacts/packages" --nologo --verbosity quiet \
      -p:ContinuousIntegrationBuild=true -p:Locked=true
  done
  for package in "$1"/artifacts/packages/*.*nupkg; do
    mkdir -p "$2/$(basename "$package")"
    unzip -q "$package" -d "$2/$(basename "$package")"
    # NuGet names the core properties by a random number, and refers to them by it and by another.
    (cd "$2/$(basename "$package")" && mv package/services/metadata/core-properties/{*,core}.psmdcp \
      && sed -E 's|core-properties/[0-9a-f]+\.|core-properties/core.|; s|Id="R[0-9A-F]+"|Id="R"|g' _rels/.rels >rels && mv rels _rels/.rels)
  done
}

pack "$work/one" "$work/contents/one"
pack "$work/another folder/deeper" "$work/contents/two"

status=0
diff -rq "$work/contents/one" "$work/contents/two" || status=1
build/find-paths.sh "$work/contents" "$work" "$HOME/" || status=1

identical=0
for package in "$work/one/artifacts/packages"/*; do
  if cmp -s "$package" "$work/another folder/deeper/artifacts/packages/$(basename "$package")"; then identical=$((identical + 1)); fi
done
echo "$(find "$work/contents/one" -type f | wc -l) files in $(find "$work/contents/one" -mindepth 1 -maxdepth 1 | wc -l) packages," \
  "$identical of them identical as a whole: $([ "$status" = 0 ] && echo "every file is the same" || echo "they DIFFER")"
exit "$status"
