#!/usr/bin/env bash
# Installs what some tests need beside npm packages: Chromium, in which pages are opened, and PostgreSQL, on which the tests of
# the store run a second time. For Debian and its kin. Without them these tests are skipped by name, so a failure here is said
# and is no failure.
set -euo pipefail

missing=()
has_browser=no
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then has_browser=yes; fi
done
if [ "$has_browser" = no ]; then missing+=(chromium); fi
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then missing+=(postgresql); fi
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

as_root=''
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
    echo "${missing[*]}: missing, and only root can install it" >&2
    exit 0
  fi
  as_root='sudo -n'
fi
export DEBIAN_FRONTEND=noninteractive
# The tests start servers of their own: the package shall make and start none.
$as_root mkdir -p /etc/postgresql-common
echo 'create_main_cluster = false' | $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
$as_root apt-get update -qq || true
for package in "${missing[@]}"; do
  $as_root apt-get install -y -qq --no-install-recommends "$package" >/dev/null ||
    echo "$package could not be installed: the tests that need it are skipped by name" >&2
done
