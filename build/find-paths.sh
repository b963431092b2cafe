#!/usr/bin/env bash
# Lists the files below a folder that contain one of the paths, in ASCII or in UTF-16. Fails if there is one.
#
#   build/find-paths.sh folder paths
set -euo pipefail

folder=$1
patterns=()
for path in "${@:2}"; do patterns+=(-e "$path"); done

plain=$(mktemp)
trap 'rm -f "$plain"' EXIT
status=0
cd "$folder"
while IFS= read -r -d '' file; do
  # UTF-16 without the zeros is ASCII. Matches are counted: grep -q ends a pipe early, which then counts as failed.
  LC_ALL=C tr -d '\000' <"$file" >"$plain"
  count=$(LC_ALL=C grep -acF "${patterns[@]}" "$plain" || [ $? = 1 ]) # 1: no match
  if [ "$count" != 0 ]; then
    echo "A path of this machine is in ${file#./}"
    status=1
  fi
done < <(find . -type f -print0)
exit "$status"
