#!/bin/sh
# Installs the peers that a package manager can bring: nodejs-polars into bench/peers, pandas into bench/data/.venv.
# Never touches the package's own dependencies. SQLite (sqlite3) and PostgreSQL come from the system, e.g.
# `apt-get install sqlite3 postgresql time`.
set -eu
cd "$(dirname "$0")"
mkdir -p peers data
if [ ! -d peers/node_modules/nodejs-polars ]; then
  echo '{ "name": "evenstock-bench-peers", "private": true, "type": "module" }' > peers/package.json
  npm install --prefix peers --no-audit --no-fund nodejs-polars || echo "nodejs-polars could not be installed: skipped" >&2
fi
if [ ! -x data/.venv/bin/python ]; then
  python3 -m venv data/.venv && data/.venv/bin/pip install --quiet pandas || echo "pandas could not be installed: skipped" >&2
fi
