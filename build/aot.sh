#!/usr/bin/env bash
# Publishes samples/Native as a native binary, and fails on a warning about trimming or AOT. Then checks and measures it beside the same
# program on .NET, and writes the table in docs/quality.md. Takes about 5 minutes.
#
# Needs clang, zlib1g-dev and redis-server. The Debian packages are installed only as root. Set INTROSPECTIONAUTH_INSTALL=no to prevent it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

install() { # command or file, package
  if [ -n "$(type -P "$1")" ] || [ -e "$1" ]; then return; fi
  if [ "${INTROSPECTIONAUTH_INSTALL:-yes}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $2."
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; } >/dev/null 2>&1 || true
  fi
  [ -n "$(type -P "$1")" ] || [ -e "$1" ] || echo "WARNING: the package '$2' is not installed."
}

install clang clang
install /usr/include/zlib.h zlib1g-dev
install redis-server redis-server
linker=clang
command -v clang >/dev/null || linker=gcc

output=artifacts/native
rm -rf "$output"
mkdir -p artifacts
publish() { # folder, arguments
  dotnet publish samples/Native --configuration Release --output "$output/$1" --nologo "${@:2}"
}

# Errors anyway, because every warning is one in this repository. The search also finds what a later SDK only warns about.
publish aot -p:PublishNative=true -p:TrimmerSingleWarn=false "-p:CppCompilerAndLinker=$linker" | tee "$output.log"
if grep -E '(warning|error) IL[0-9]+' "$output.log"; then exit 1; fi

# The same code, without ahead-of-time compilation of any kind.
publish jit --no-self-contained -p:PublishReadyToRun=false -p:UseAppHost=false "-consoleLoggerParameters:ErrorsOnly;NoSummary"

project=tests/IntrospectionAuth.Benchmarks
dotnet build "$project" --configuration Release --nologo "-consoleLoggerParameters:ErrorsOnly;NoSummary"
exec dotnet "$project/bin/Release/net10.0/IntrospectionAuth.Benchmarks.dll" native "$output/aot" "$output/jit"
