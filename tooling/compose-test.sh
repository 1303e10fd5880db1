#!/usr/bin/env bash
# compose.yaml and docs/deploy/compose-two-hosts.yaml run for real with the image `llamaduct` as it is; docker-test.sh calls it.
#
#   compose-test.sh    OLLAMA_IMAGE: an image in place of ollama/ollama, that has the models `plain` and `looper`
#
# ollama/ollama has no models, so without that an image with the emulator stands in. So does Debian's Redis where redis:8 cannot be pulled.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d) failed=0 base=node:24-bookworm-slim
export COMPOSE_PROJECT_NAME=llamaduct-test
unset LITELLM_MASTER_KEY
one() { docker compose --file compose.yaml --file "$work/one.yaml" "$@"; }
two() { LITELLM_MASTER_KEY=$key docker compose --file docs/deploy/compose-two-hosts.yaml --file "$work/two.yaml" "$@"; }
cleanup() {
  one down --volumes --timeout 1
  key=none two down --volumes --timeout 1
  rm -r "$work"
} > /dev/null 2>&1
trap cleanup EXIT
check() { # NAME COMMAND…
  if "${@:2}" > "$work/out" 2>&1; then echo "ok: $1"; else failed=$((failed + 1)) && echo "FAILED: $1" && tail -n 20 "$work/out"; fi
}
# Without it nothing that follows means anything.
must() { check "$@" && [ "$failed" -eq 0 ]; }
ask() { # PORT FIELDS
  curl --fail-with-body --silent --show-error --max-time 60 --no-buffer "http://127.0.0.1:$1/v1/chat/completions" -H "Authorization: Bearer $key" \
    -H 'content-type: application/json' -d "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],$2}"
}
ask_often() { for _ in $(seq 20); do ask "$1" '"model":"plain"' || return 1; done; }
metric() { curl -sf "http://127.0.0.1:$1/metrics" -H "Authorization: Bearer $key" | grep "^$2"; }
eventually() { for _ in $(seq 60); do eval "$1" && return; sleep 1; done; return 1; }
# One that was killed when its time was over has another code.
ended_by_themselves() { # CONTAINER…
  [ $# -gt 0 ] && test -z "$(docker inspect --format '{{.State.ExitCode}}' "$@" | grep -v '^0$')"
}

# --- Images ---
if [ -z "${OLLAMA_IMAGE:-}" ]; then
  export OLLAMA_IMAGE=llamaduct-test-ollama
  mkdir "$work/ollama" && cp -r packages/ollama-emulator/{package.json,dist,recordings} "$work/ollama"
  cat > "$work/ollama/serve.mjs" << 'JS'
import { startEmulator } from "./dist/index.js";
await startEmulator({ host: "0.0.0.0", port: 11434, delayMs: 20 });
process.on("SIGTERM", () => process.exit());
JS
  # For `ollama list`, the health check.
  printf '#!/bin/sh\nexec node -e %s\n' "'fetch(\"http://127.0.0.1:11434/api/tags\").then(({ ok }) => process.exit(ok ? 0 : 1))'" > "$work/ollama/ollama"
  printf 'FROM %s\nCOPY . /opt/emulator\nRUN install /opt/emulator/ollama /usr/local/bin\nCMD ["node", "/opt/emulator/serve.mjs"]\n' $base > "$work/ollama/Dockerfile"
  must "an image for Ollama" docker build --tag $OLLAMA_IMAGE "$work/ollama"
fi
redis=redis:8 command=null
if ! docker image inspect $redis > /dev/null 2>&1 && ! docker pull --quiet $redis > /dev/null 2>&1; then
  # Its own is without the protected mode, too.
  redis=llamaduct-test-redis command='[redis-server, --save, "", --protected-mode, "no"]'
  printf 'FROM %s\nRUN apt-get update && apt-get install --yes --no-install-recommends redis-server\n' $base > "$work/Dockerfile"
  must "an image for Redis" docker build --network host --tag $redis - < "$work/Dockerfile"
fi
echo "Ollama: $OLLAMA_IMAGE, Redis: $redis"
cat > "$work/one.yaml" << YAML
services:
  llamaduct: { ports: !override ["4471:4000"] }
  ollama: { image: $OLLAMA_IMAGE, volumes: !reset [] }
YAML
# Ours, and a key whose limit can be seen.
few=sk-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
sed "/routing_strategy/a\  keys: [{ name: few, key: $few, rpm: 3 }]" docs/deploy/two-hosts.yaml > "$work/config.yaml"
chmod 755 "$work" && chmod 644 "$work/config.yaml"
cat > "$work/two.yaml" << YAML
services:
  llamaduct:
    ports: !override ["4472-4473:4000"]
    volumes: !override ["$work/config.yaml:/app/config.yaml:ro"]
  redis: { image: $redis, command: $command }
  ollama-1: { image: $OLLAMA_IMAGE, volumes: !reset [] }
  ollama-2: { image: $OLLAMA_IMAGE, volumes: !reset [] }
YAML

# --- compose.yaml ---
must "compose.yaml is up" one up --no-build --detach --wait --wait-timeout 120
key=$(one logs --no-log-prefix llamaduct | sed -n 's/^key: \([^,]*\),.*/\1/p')
check "its log has the key" test -n "$key"
check "… and nobody asks without it" test "$(key=wrong ask 4471 '"model":"plain"' 2> /dev/null | grep -c invalid_api_key)" = 1
check "a chat" ask 4471 '"model":"plain"'
check "openai's client" node --input-type=module -e '
  import OpenAI from "openai";
  const [baseURL, apiKey] = process.argv.slice(1);
  const messages = [{ role: "user", content: "hi" }];
  const answer = await new OpenAI({ baseURL, apiKey }).chat.completions.create({ model: "plain", messages });
  if (!answer.choices[0].message.content) throw new Error(JSON.stringify(answer));' http://127.0.0.1:4471/v1 "$key"
check "its Ollama is not reachable from outside" test -z "$(one port ollama 11434 2> /dev/null | grep -v ':0$')"
ask 4471 '"model":"looper","max_tokens":1500,"stream":true' > "$work/stream" &
asking=$!
for _ in $(seq 600); do grep -q '"content":"' "$work/stream" && break || sleep 0.05; done
check "a stream begins" grep -q '"content":"' "$work/stream"
check "stop" one stop
wait $asking || true
check "… with the stream to its end" grep -q '\[DONE\]' "$work/stream"
check "… and in time" ended_by_themselves $(one ps --all --quiet llamaduct)
check "down" one down --volumes

# --- compose-two-hosts.yaml ---
key=
check "two proxies need a key" test "$(two config 2>&1 | grep -c 'nobody can guess')" = 1
key=sk-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
must "compose-two-hosts.yaml is up" two up --no-build --detach --wait --wait-timeout 120
for port in 4472 4473; do
  check "$port answers" ask $port '"model":"plain"'
  check "$port has Redis" test "$(metric $port llamaduct_redis_up)" = "llamaduct_redis_up 1"
  check "$port has both hosts" test "$(metric $port llamaduct_host_up | grep -c ' 1$')" = 2
done
statuses() { for port in 4472 4473 4472 4473; do key=$few ask $port '"model":"plain"' > /dev/null 2>&1 && echo -n "ok " || echo -n "no "; done; }
check "a limit of 3 counts for both together" test "$(statuses)" = "ok ok ok no "
check "… in Redis" test "$(two exec -T redis redis-cli dbsize)" -gt 0
two stop --timeout 5 ollama-1 > /dev/null 2>&1
for port in 4472 4473; do check "$port answers with a host gone" ask_often $port; done
check "… which is told" eventually 'metric 4472 llamaduct_host_up | grep "ollama-1.* 0$"'
two start ollama-1 > /dev/null 2>&1
check "… and back again" eventually 'metric 4472 llamaduct_host_up | grep "ollama-1.* 1$"'
two stop redis > /dev/null 2>&1
for port in 4472 4473; do check "$port answers without Redis" ask $port '"model":"plain"'; done
two start redis > /dev/null 2>&1
check "… and finds it again" eventually 'metric 4472 "llamaduct_redis_up 1"'
check "stop" two stop
check "… in time" ended_by_themselves $(two ps --all --quiet llamaduct)
check "down" two down --volumes

[ "$failed" -eq 0 ] && echo "compose: ok"
