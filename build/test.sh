#!/usr/bin/env bash
# Builds everything and runs every test. Needs the .NET 10 SDK and bash, at least 3.2. Other tools are installed, or their tests are
# skipped with a warning.
#
#   build/test.sh                    everything except the servers
#   build/test.sh servers            samples/Api with authorization servers from Debian: glewlwyd, Doorkeeper, Django, lemonldap-ng
#   build/test.sh --filter Claims    any filter that `dotnet test` accepts
#
# Debian packages are installed only as root. Set INTROSPECTIONAUTH_INSTALL=no to prevent it.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

results=artifacts/test-results
rm -rf "$results"

# The tests and the processes that they start run for seconds. What the runtime would measure for later would cost a tenth of that.
export DOTNET_TieredPGO=0

tier=default
if [ "${1:-}" = servers ]; then
  tier=servers
  shift
fi

install_packages() { # packages, purpose
  if [ "${INTROSPECTIONAUTH_INSTALL:-yes}" = yes ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing $1: $2."
    # shellcheck disable=SC2086 # several packages
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1; } >/dev/null 2>&1
  fi
}

install_debian() { # command, package, purpose
  command -v "$1" >/dev/null && return
  install_packages "$2" "$3"
  command -v "$1" >/dev/null || echo "WARNING: $1 is not installed: $3 will be SKIPPED. Install the package '$2' to run them."
}

# A test project names the packages of its servers, and skips the tests of a server that has not all of them.
install_servers() {
  local packages name
  grep -rho --include='*Server.cs' 'Packages = "[^"]*"' tests/IntrospectionAuth.Servers | sed 's/.*"\(.*\)"/\1/' \
    | while read -r packages; do
    for name in $packages; do
      dpkg -s "$name" >/dev/null 2>&1 || install_packages "$name" "the tests with its server"
      dpkg -s "$name" >/dev/null 2>&1 || echo "WARNING: $name is not installed: the tests with its server will be SKIPPED."
    done
  done
}

install_tools() {
  if [ "$tier" = servers ]; then
    install_servers
    return
  fi

  # The shell has no windows. It starts faster than a whole browser, which serves where it is there already.
  command -v chromium chromium-browser google-chrome >/dev/null \
    || install_debian chromium-headless-shell chromium-headless-shell "the browser tests"
  install_debian node nodejs "the interoperability tests with oidc-provider"
  install_debian npm npm "the interoperability tests with oidc-provider"
  install_debian redis-server redis-server "the tests with Redis"

  local interop=tests/IntrospectionAuth.Interop node_version
  node_version=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
  if [ -n "$node_version" ] && [ "$node_version" -lt 20 ]; then
    echo "WARNING: node is version $node_version, oidc-provider needs 20 (Debian 12 has 18): its interoperability tests will be SKIPPED."
  elif command -v npm >/dev/null && ! [ "$interop/node_modules/.package-lock.json" -nt "$interop/package-lock.json" ]; then
    (cd "$interop" && npm ci --no-audit --no-fund) >/dev/null 2>&1 \
      || echo "WARNING: 'npm ci' failed in $interop: the oidc-provider interoperability tests will be SKIPPED."
  fi
}

# Installed while the code is built.
mkdir -p "$results"
install_tools >"$results/tools.log" 2>&1 &
tools=$!

stop() { # message
  wait "$tools"
  printf '%s\n0 passed, 1 failed, 0 skipped\n' "$1"
  exit 1
}

# The formatter and Garnet are local tools. Where no package source has one, its part is skipped.
dotnet tool restore >/dev/null 2>&1
[ "$tier" = servers ] || dotnet garnet-server --version >/dev/null 2>&1 \
  || echo "WARNING: 'dotnet tool restore' found no garnet-server: the tests with Garnet will be SKIPPED."
if ! dotnet csharpier --version >/dev/null 2>&1; then
  echo "WARNING: 'dotnet tool restore' found no csharpier: whether the code is formatted is NOT checked."
elif ! dotnet csharpier check src tests; then
  stop "The code is not formatted: run 'dotnet csharpier format src tests'."
fi

# Only the packages of build/locks, by their hashes. A package source may lack one of those versions and provide the next one.
if ! restored=$(dotnet restore IntrospectionAuth.sln -p:Locked=true 2>&1); then
  if grep -qE 'NU1004|NU1403' <<<"$restored"; then
    stop "$restored"$'\n'"The packages are not those of build/locks. Run build/lock.sh if their versions were changed."
  fi
  echo "WARNING: a package of build/locks could not be restored, so the packages are NOT locked."
  dotnet restore IntrospectionAuth.sln || stop "The packages could not be restored."
fi

# One compiler process for all projects, also where the environment says otherwise: the build takes half the time.
dotnet build IntrospectionAuth.sln --configuration Release --no-restore -p:UseSharedCompilation=true
built=$?
dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
[ "$built" -eq 0 ] || stop "The build failed."

wait "$tools"
cat "$results/tools.log"

run() { # project, arguments for dotnet test
  local project=$1
  shift
  dotnet test "$project" --configuration Release --no-build --results-directory "$results" \
    --logger "trx;LogFileName=$(basename "$project").trx" "$@"
}

# The unit tests keep both cores busy. The other projects mostly wait for the processes that they start, so they run at the same time.
status=0
if [ "$tier" = servers ]; then
  others=(tests/IntrospectionAuth.Servers)
else
  others=(tests/IntrospectionAuth.Interop tests/IntrospectionAuth.*.Tests)
  run tests/IntrospectionAuth.Tests "$@" || status=$?
fi
running=()
for project in "${others[@]}"; do
  run "$project" "$@" >"$results/$(basename "$project").log" 2>&1 &
  running+=($!)
done
for index in "${!others[@]}"; do
  wait "${running[index]}" || status=$?
  cat "$results/$(basename "${others[index]}").log"
done

# Sums the counts of all test projects from the result files.
count() { # outcome, file
  grep -c "<UnitTestResult .*outcome=\"$1\"" "$2"
}
passed=0 failed=0 skipped=0
for file in "$results"/*.trx; do
  [ -e "$file" ] || continue
  passed=$((passed + $(count Passed "$file")))
  failed=$((failed + $(count Failed "$file")))
  skipped=$((skipped + $(count NotExecuted "$file")))
  grep '<UnitTestResult .*outcome="NotExecuted"' "$file" | sed 's/.*testName="\([^"]*\)".*/SKIPPED: \1/'
done

if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi # a crashed test host reports no failed test
if [ "$passed" -eq 0 ]; then status=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
