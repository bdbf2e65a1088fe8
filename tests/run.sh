#!/usr/bin/env bash
# Installs what is missing, builds once, runs every test project, and ends with a line that says only "N passed, N failed".
# Usage: bash tests/run.sh [PROJECT…]      such as: bash tests/run.sh UnitTests ProtocolTests
# Exit code: 0 when everything passed.
set -uo pipefail
cd "$(dirname "$0")/.."

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
# How long a test process may take to stop what it started, in milliseconds.
export VSTEST_TESTHOST_SHUTDOWN_TIMEOUT=20000

say() { printf '\n== %s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

# Everything temporary goes into one folder, which the user that PostgreSQL runs as must be able to enter.
work=$(mktemp -d "${TMPDIR:-/tmp}/auth-tests.XXXXXX") || exit 1
chmod 1777 "$work"
export TMPDIR=$work
. tests/containers.sh
cleanup() {
  local children
  children=$(jobs -p)
  [ -n "$children" ] && kill $children 2>/dev/null
  stop_containers
  # The compiler server listens in our folder, so this one is ours and nobody else's.
  command -v dotnet >/dev/null && timeout 30 dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
  # What the tests started ends with them, and may need a moment to leave the folder.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$work" 2>/dev/null && break
    sleep 0.5
  done
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# ---- 1. What must be on the machine -----------------------------------------------------------------------------------

command -v dotnet >/dev/null || stop "The .NET SDK is not installed. Install version 10 or newer of it; global.json names the least."

missing=()
{ ls /usr/lib/postgresql/*/bin/initdb || command -v initdb; } >/dev/null 2>&1 || missing+=(postgresql)
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v apache2 >/dev/null || [ -x /usr/sbin/apache2 ] || missing+=(apache2)
[ -f /usr/lib/apache2/modules/mod_auth_openidc.so ] || missing+=(libapache2-mod-auth-openidc)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)

updated=""
# Fails without root or sudo, or with the end of apt-get's output. Run level 1: the packages' services are not started.
install_packages() {
  local become=()
  [ "$(id -u)" -eq 0 ] || become=(sudo)
  quietly() { "${become[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 "$@" >"$work/apt.log" 2>&1; }
  { [ -n "$updated" ] || quietly apt-get update; } && updated=yes &&
    quietly apt-get install -y --no-install-recommends "$@" || { tail -n 20 "$work/apt.log"; return 1; }
}

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || stop "Not installed: ${missing[*]} (Debian's names). This script installs them on Debian only; install them and run it again."
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    stop "Not installed: ${missing[*]}. Run this as root or with sudo installed, or install them with apt-get first."
  say "Installing ${missing[*]}"
  install_packages "${missing[@]}" || stop "apt-get could not install ${missing[*]}."
fi

# ---- 2. Build, once ---------------------------------------------------------------------------------------------------

started=$SECONDS
apps=tests/InteropTests/apps
if ! cmp -s "$apps/package-lock.json" "$apps/node_modules/.installed-lock.json"; then
  say "npm ci in $apps"
  (cd "$apps" && npm ci --no-audit --no-fund >"$work/npm.log" 2>&1 && cp package-lock.json node_modules/.installed-lock.json) || {
    tail -n 20 "$work/npm.log"
    stop "npm ci failed in $apps."
  }
fi

say "dotnet build, warnings are errors"
if ! dotnet restore --locked-mode -v q >"$work/build.log" 2>&1 || ! dotnet build --no-restore -warnaserror -v q >>"$work/build.log" 2>&1; then
  grep -E 'error|warning' "$work/build.log" | sort -u | head -40
  stop "The build failed."
fi
say "Built in $((SECONDS - started)) s"

# ---- 3. Run -----------------------------------------------------------------------------------------------------------

# Every project under tests/ that refers to the test SDK; those that drive a browser come last, one at a time.
quick=() browser=()
for file in tests/*/*.csproj; do
  name=$(basename "$file" .csproj)
  grep -q 'Microsoft.NET.Test.Sdk' "$file" || continue
  [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
  if grep -q 'Microsoft.Playwright' "$file"; then browser+=("$name"); else quick+=("$name"); fi
done
[ $((${#quick[@]} + ${#browser[@]})) -gt 0 ] || stop "There is no such test project: $*"

for name in "${quick[@]}" "${browser[@]}"; do
  if grep -rq --include='*.cs' PostgresTestDatabase "tests/$name"; then
    choose_postgres
    break
  fi
done

run() {
  local name=$1 begun=$SECONDS tests
  timeout 1500 dotnet test "tests/$name/bin/Debug/net10.0/$name.dll" --results-directory "$work/results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" </dev/null >"$work/$name.log" 2>&1 &
  tests=$!
  trap 'kill $tests 2>/dev/null' TERM # whoever stops this script stops what it runs: timeout passes it on to all of its own
  wait $tests
  echo $? >"$work/$name.exit"
  echo "$name took $((SECONDS - begun)) s"
}

say "Testing"
for name in "${quick[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  run "$name" &
done
wait
for name in "${browser[@]}"; do
  run "$name" &
  wait $!
done

# ---- 4. Count ---------------------------------------------------------------------------------------------------------

counter() { sed -n "s/.*<Counters [^>]*\b$2=\"\([0-9]*\)\".*/\1/p" "$work/results/$1.trx" 2>/dev/null | head -n 1; }

passed=0 failed=0
for name in "${quick[@]}" "${browser[@]}"; do
  total=$(counter "$name" total) ok=$(counter "$name" passed)
  total=${total:-0} ok=${ok:-0}
  # Skipped counts as failed: nothing here may be skipped.
  bad=$((total - ok))
  if [ "$bad" -eq 0 ] && { [ "$total" -eq 0 ] || [ "$(cat "$work/$name.exit")" -ne 0 ]; }; then
    say "$name did not finish, or ran nothing"
    tail -n 40 "$work/$name.log"
    bad=1
  elif [ "$bad" -gt 0 ]; then
    say "$name: $bad of $total failed"
    grep -v -E '^(Test run for|A total of|VSTest version|Results File|\[xUnit|Passed! |Failed! )' "$work/$name.log" | head -n 400
  else
    echo "$name: $ok passed"
  fi
  passed=$((passed + ok)) failed=$((failed + bad))
done

say "Done in $((SECONDS / 60)) min $((SECONDS % 60)) s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
