#!/usr/bin/env bash
# Asks the built proxy, in front of the emulator, what its own /openapi.json allows and what it does not: 10,000 requests
# and more. Fails when one is answered with a fault of ours or with an error that is not in OpenAI's shape (checks.py).
# Not part of CI: takes half an hour and a package of PyPI. SCHEMATHESIS names an installed one; PORT where the proxy listens.
set -euo pipefail
cd "$(dirname "$0")/../.."
port=${PORT:-4110}
work=$(mktemp -d)
pids=()

cleanup() {
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid"; done
  rm -r "$work"
} 2> /dev/null
trap cleanup EXIT

if [ -z "${SCHEMATHESIS:-}" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet schemathesis==4.32.5
  SCHEMATHESIS=$work/venv/bin/schemathesis
fi

node --input-type=module -e '
  import { startEmulator } from "./packages/ollama-emulator/dist/index.js";
  console.log((await startEmulator()).url);
' > "$work/emulator" &
pids+=($!)
until [ -s "$work/emulator" ]; do sleep 0.1; done

OLLAMA_API_BASE=$(cat "$work/emulator") node apps/proxy/dist/main.js --host 127.0.0.1 --port "$port" > "$work/out" 2> "$work/log" &
pids+=($!)
until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/health/readiness"; do
  kill -0 "${pids[1]}" || { cat "$work/out" "$work/log"; exit 1; }
  sleep 0.1
done

status=0
SCHEMATHESIS_HOOKS=tooling/schemathesis/checks.py \
  "$SCHEMATHESIS" --config-file tooling/schemathesis/schemathesis.toml \
  run "http://127.0.0.1:$port/openapi.json" --checks openai_shape "$@" || status=$?

requests=$(grep -c '"route"' "$work/log" || true)
echo "schemathesis: $requests requests, by status:"
grep -o '"status":[0-9]*' "$work/log" | sort | uniq -c
grep '"level":50' "$work/log" | head -20 || true
[ "$requests" -ge "${LEAST:-10000}" ] || { echo "schemathesis: fewer than ${LEAST:-10000} requests"; status=1; }
exit "$status"
