#!/bin/sh
# Fuzz the whole OpenAPI document against a running server: no 5xx, no undocumented status, every body matches its schema.
# Usage: tests/api/fuzz/run.sh [EXAMPLES a route and phase]
set -eu
python=${PYTHON:-.venv/bin/python}
port=${PORT:-8799}
"$python" -m tests.api.fuzz.serving "$port" &
server=$!
trap 'kill $server' EXIT
until "$python" -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/readyz')" 2>/dev/null; do sleep 0.5; done
"${SCHEMATHESIS:-$(dirname "$python")/st}" run "http://127.0.0.1:$port/openapi.json" \
  --max-examples "${1:-60}" --seed 1 --phases examples,coverage,fuzzing --exclude-path-regex events \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance \
  --request-timeout 20 --workers 1
