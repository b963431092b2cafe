#!/usr/bin/env bash
# Installs redis-server from Debian if it is not there, only as root. Fails without it.
set -euo pipefail

command -v redis-server >/dev/null && exit
if [ "${INTROSPECTIONAUTH_INSTALL:-yes}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing redis-server."
  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server; } >/dev/null 2>&1 || true
fi
command -v redis-server >/dev/null || { echo "redis-server is not installed. Install the package 'redis-server'."; exit 1; }
