#!/usr/bin/env bash
# Mutation testing: changes the library in one small place at a time, and runs the tests that reach it. A change that no test notices
# survives. Needs the .NET 10 SDK.
#
#   build/mutants.sh                     every folder of src/IntrospectionAuth: hours
#   build/mutants.sh Tokens DPoP root    these; root is what lies in no folder
#   build/mutants.sh Tokens+DPoP         both in one run, which builds once; the tests of each run for the mutants of the other, too
#   build/mutants.sh figures             writes the table again, after accepted.txt has changed
#
# It works in a copy of the repository, artifacts/mutants/source. The counts of each folder go to docs/quality.md when it is done; folders
# that did not run keep their row. Survivors are listed in artifacts/mutants/<folder>.txt. One whose change makes no difference in
# behavior is moved to tests/IntrospectionAuth.Mutants/accepted.txt, with the reason in place of its last line.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$PWD/artifacts/mutants
source=$work/source
accepted=tests/IntrospectionAuth.Mutants/accepted.txt
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false RunAnalyzers=false

# The tests that must notice a change: those of the folder of the same name, of the folders that use it, and those of null arguments.
tests() { # folder
  case $1 in
    root) echo "root Tokens Challenge Validation Events Configuration FreshTokens" ;;
    Authorization) echo "Authorization Scopes StepUp Tenants FreshTokens" ;;
    BackChannelLogout) echo "BackChannelLogout PushedRevocation" ;;
    Caching) echo "Caching Calls Telemetry" ;;
    Calls) echo "Calls Caching FreshTokens SharedCache Telemetry" ;;
    Certificates) echo "Certificates ClientAuthentication Validation" ;;
    Challenge) echo "Challenge StepUp Scopes DPoP Diagnostics" ;;
    ClientAuthentication) echo "ClientAuthentication ClientCredentials Certificates Configuration" ;;
    ClientCredentials) echo "ClientCredentials ClientAuthentication Scopes" ;;
    DPoP) echo "DPoP Validation Diagnostics Configuration Jose SharedCache" ;;
    DiagnosticsPage) echo "DiagnosticsPage Diagnostics" ;;
    Discovery) echo "Discovery Configuration Resilience" ;;
    Events) echo "Events Tokens" ;;
    FreshTokens) echo "FreshTokens Authorization StartupChecks" ;;
    Http) echo "Http Discovery ClientAuthentication" ;;
    Introspection) echo "Introspection Events Calls ClientAuthentication Diagnostics Responses Resilience" ;;
    Jose) echo "Jose Introspection DPoP ClientAuthentication" ;;
    Json) echo "Json Responses Jose Discovery" ;;
    Outcomes) echo "Outcomes Diagnostics Discovery Tokens" ;;
    Policies) echo "Policies Authorization Challenge Scopes StartupChecks StepUp Tenants FreshTokens Diagnostics" ;;
    PushedRevocation) echo "PushedRevocation BackChannelLogout SecurityEvents Webhooks" ;;
    Removals) echo "Calls Caching SharedCache BackChannelLogout SecurityEvents" ;;
    Replay) echo "DPoP BackChannelLogout SecurityEvents Webhooks" ;;
    ResourceMetadata) echo "ResourceMetadata TenantResolution" ;;
    Responses) echo "Responses Introspection Claims" ;;
    Scopes) echo "Scopes StartupChecks ClientCredentials" ;;
    SecurityEvents) echo "SecurityEvents PushedRevocation" ;;
    Server) echo "Server Calls Caching Configuration Discovery" ;;
    StepUp) echo "StepUp TenantResolution" ;;
    Telemetry) echo "Telemetry Caching Calls" ;;
    TenantResolution) echo "TenantResolution Tenants Diagnostics Discovery" ;;
    Tenants) echo "Tenants TenantResolution" ;;
    Tokens) echo "Tokens Diagnostics StartupChecks" ;;
    Validation) echo "Validation Events Diagnostics Claims" ;;
    Webhooks) echo "Webhooks SecurityEvents" ;;
    *) echo "$1" ;;
  esac
}

all() {
  git ls-files 'src/IntrospectionAuth/*/*.cs' | cut -d / -f 3 | sort -u
  echo root
}

copy() {
  mkdir -p "$source"
  find "$source" \( -name bin -o -name obj \) -prune -o -type f -exec rm -f {} +
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ ! -f "$file" ] || printf '%s\0' "$file"
  done | tar --create --file - --null --files-from - | tar --extract --file - --directory "$source"
}

figures() { # folder, or nothing for every one that has run here
  dotnet run build/Mutants.cs -- docs/quality.md "$accepted" "$work" "$@"
}

if [ "${1:-}" = figures ]; then
  figures
  exit
fi

if [ $# -gt 0 ]; then folders=("$@"); else read -ra folders <<<"$(all | tr '\n' ' ')"; fi
copy
(cd "$source" && dotnet tool restore >/dev/null)
for group in "${folders[@]}"; do
  IFS=+ read -ra members <<<"$group"
  patterns=() INTROSPECTIONAUTH_MUTANTS=Arguments
  for folder in "${members[@]}"; do
    if [ "$folder" = root ]; then patterns+=(--mutate '*.cs'); else patterns+=(--mutate "$folder/**/*.cs"); fi
    INTROSPECTIONAUTH_MUTANTS+=" $(tests "$folder")"
  done
  export INTROSPECTIONAUTH_MUTANTS
  echo "$group: with the tests of $INTROSPECTIONAUTH_MUTANTS"
  report=$work/reports/$group
  rm -rf "$report"
  (cd "$source/tests/IntrospectionAuth.Mutants" && dotnet stryker "${patterns[@]}" --output "$report" --skip-version-check)
  for folder in "${members[@]}"; do
    [ "$folder" = "$group" ] || (rm -rf "$work/reports/$folder" && cp -r "$report" "$work/reports/$folder")
    figures "$folder"
  done
  [ "${#members[@]}" -eq 1 ] || rm -rf "$report"
done
