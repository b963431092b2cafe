#!/usr/bin/env bash
# Packs the current commit in two clones in different folders, and compares the packages file by file. Fails if one differs, or contains a
# path of this machine. Takes about 3 minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

[ -z "$(git status --porcelain)" ] || echo "WARNING: what is not committed is not in the clones."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pack() { # clone, folder for the contents of its packages
  git clone --quiet --no-hardlinks . "$1"
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
      && sed -i -E 's|core-properties/[0-9a-f]+\.|core-properties/core.|; s|Id="R[0-9A-F]+"|Id="R"|g' _rels/.rels)
  done
}

pack "$work/one" "$work/contents/one"
pack "$work/another folder/deeper" "$work/contents/two"

list() { # the hash and the name of every file
  (cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2)
}

list "$work/contents/one" >"$work/one.txt"
list "$work/contents/two" >"$work/two.txt"
status=0
diff "$work/one.txt" "$work/two.txt" || status=1

# Names in UTF-16 too: without the zeros they are ASCII.
while read -r file; do
  if tr -d '\000' <"$file" | grep -qaF -e "$work" -e "$HOME/"; then
    echo "A path of this machine is in ${file#"$work/contents/"}"
    status=1
  fi
done < <(find "$work/contents" -type f)

identical=0
for package in "$work/one/artifacts/packages"/*; do
  if cmp -s "$package" "$work/another folder/deeper/artifacts/packages/$(basename "$package")"; then identical=$((identical + 1)); fi
done
echo "$(wc -l <"$work/one.txt") files in $(find "$work/contents/one" -mindepth 1 -maxdepth 1 | wc -l) packages," \
  "$identical of them identical as a whole: $([ "$status" = 0 ] && echo "every file is the same" || echo "they DIFFER")"
exit "$status"
