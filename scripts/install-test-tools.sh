#!/usr/bin/env bash
# Installs what some tests need beside npm packages: Chromium, in which test/e2e/report-page.test.ts opens the report.
# For Debian and its kin. Without it the test is skipped by its name, so a failure here is said and is no failure.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
as_root=''
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
    echo 'Chromium is missing and only root can install it' >&2
    exit 0
  fi
  as_root='sudo -n'
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null ||
  echo 'Chromium could not be installed: the test of the report page is skipped' >&2
