#!/usr/bin/env bash
# Renders icon.svg to icon.png, which the packages contain. Needs Chromium.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --default-background-color=00000000 \
  --window-size=128,128 --screenshot=icon.png "file://$PWD/icon.svg" 2>/dev/null
