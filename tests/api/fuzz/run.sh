#!/bin/sh
# Fuzz the whole OpenAPI document against a running server: no 5xx, no undocumented status, every body matches its schema.
# Usage: tests/api/fuzz/run.sh [EXAMPLES a route and phase]
set -eu
python=${PYTHON:-.venv/bin/python}
port=${PORT:-8799}
server=http://127.0.0.1:$port
report=$(mktemp -d)
"$python" -m tests.api.fuzz.serving "$port" &
process=$!
trap 'kill $process; rm -rf "$report"' EXIT
until "$python" -c "import urllib.request as u; u.urlopen('$server/readyz')" 2>/dev/null; do sleep 0.5; done
"$python" -m schemathesis.cli --config-file tests/api/fuzz/schemathesis.toml run "$server/openapi.json" \
  --max-examples "${1:-60}" --seed "${SEED:-1}" --phases examples,coverage,fuzzing,stateful \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance \
  --request-timeout 20 --workers 1 --report json --report-json-path "$report/run.json" || true
"$python" -m tests.api.fuzz.figures "$report/run.json" "$server"
