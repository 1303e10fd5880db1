#!/usr/bin/env bash
# The image, built and run for real on the host's network; minutes, so not part of .ci/run.
#
#   docker-test.sh            OLLAMA_HOST: an Ollama with the models `plain` and `looper`; without it recordings answer
#   docker-test.sh --no-build the image `llamaduct` as it is
#
# Its last part is compose-test.sh. Without docker it says so and is a success.
set -euo pipefail
cd "$(dirname "$0")/.."
docker info > /dev/null 2>&1 || { echo "SKIPPED docker: no docker daemon answers"; exit 0; }
[ "${1:-}" = --no-build ] || docker build --network host --tag llamaduct .

work=$(mktemp -d) port=4461 failed=0 emulator=
cleanup() {
  docker rm --force docker-test-1 docker-test-2
  docker image rm docker-test-provider
  [ -z "$emulator" ] || kill "$emulator"
  rm -r "$work"
} > /dev/null 2>&1
trap cleanup EXIT

check() { # NAME COMMAND…
  if "${@:2}" > "$work/out" 2>&1; then echo "ok: $1"; else failed=$((failed + 1)) && echo "FAILED: $1" && tail -n 20 "$work/out"; fi
}
not() { ! "$@"; }
# The same wherever the image runs: on the host's network two of them need two ports.
run() { # NAME ARGUMENT…
  docker run --detach --network host --read-only --cap-drop ALL --security-opt no-new-privileges --name "$@" > /dev/null
}
ask() { # KEY FIELDS CURL-ARGUMENT…
  curl --fail-with-body --silent --show-error --max-time 60 "http://127.0.0.1:$port/v1/chat/completions" -H "Authorization: Bearer $1" \
    -H 'content-type: application/json' -d "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],$2}" "${@:3}"
}
# Without it nothing that follows means anything.
serves() { # NAME PORT
  for _ in $(seq 300); do curl -sf "http://127.0.0.1:$2/health/liveliness" > /dev/null && echo "ok: $1 serves" && return; sleep 0.2; done
  echo "FAILED: $1 does not serve" && docker logs --tail 20 "$1" && exit 1
}
healthy() { for _ in $(seq 60); do [ "$(docker inspect -f '{{.State.Health.Status}}' "$1")" = healthy ] && return; sleep 1; done; return 1; }

if [ -z "${OLLAMA_HOST:-}" ]; then
  node --conditions=@llamaduct/source --input-type=module -e '
    import { startEmulator } from "./packages/ollama-emulator/src/index.ts";
    console.log((await startEmulator({ delayMs: 20 })).url);' > "$work/url" &
  emulator=$!
  until [ -s "$work/url" ]; do sleep 0.2; done
fi
export OLLAMA_API_BASE=${OLLAMA_HOST:-$(cat "$work/url")}
echo "Ollama: $OLLAMA_API_BASE"

# --- What is in it ---
base=node:24-bookworm-slim
docker image inspect $base > /dev/null 2>&1 || docker pull --quiet $base
size=$(($(docker image inspect -f '{{.Size}}' llamaduct) - $(docker image inspect -f '{{.Size}}' $base)))
echo "Node's image and $((size / 1000000)) MB"
check "at most 40 MB are ours" test "$size" -lt 40000000
check "a key that everyone knows is refused" not docker run --rm --network host -e LITELLM_MASTER_KEY=sk-1234 llamaduct

# --- LiteLLM's command: docker run -v $(pwd)/config.yaml:/app/config.yaml … --config /app/config.yaml --detailed_debug ---
cat > "$work/config.yaml" << 'YAML'
model_list:
  - model_name: ollama/llama2 # what test.py and test.ts ask for
    litellm_params: { model: ollama/plain }
  - model_name: "*"
    litellm_params: { model: "ollama_chat/*" }
YAML
run docker-test-1 -e PORT=$port -e OLLAMA_API_BASE -v "$work/config.yaml:/app/config.yaml" llamaduct --config /app/config.yaml --detailed_debug
serves docker-test-1 $port
key=
for _ in $(seq 50); do
  key=$(docker logs docker-test-1 2> /dev/null | sed -n 's/^key: \([^,]*\),.*/\1/p')
  [ -z "$key" ] && sleep 0.2 || break
done
check "it prints a key" test -n "$key"
check "nobody may ask without it" test "$(ask wrong '"model":"plain"' --output /dev/null --write-out '%{http_code}' 2> /dev/null)" = 401
check "curl, streamed" ask "$key" '"model":"plain","stream":true' --no-buffer --output "$work/streamed"
check "… to its end" grep -q '\[DONE\]' "$work/streamed"
export LITELLM_MASTER_KEY=$key PROXY_URL=http://127.0.0.1:$port
check "test.ts" node examples/from-litellm/test.ts
python=${LLAMADUCT_PYTHON:-python3}
if "$python" -c 'import openai' 2> /dev/null; then check "test.py" "$python" examples/from-litellm/test.py; else echo "SKIPPED test.py: no Python with openai"; fi
check "it is not root" test "$(docker exec docker-test-1 id -u)" = 1000
check "no compiler, no test runner, no types" not docker exec docker-test-1 sh -c \
  'find /opt/llamaduct -path "*/typescript/*" -o -path "*/vitest/*" -o -name "*.d.ts" | grep .'
check "the command llamaduct" docker exec docker-test-1 llamaduct --version
check "healthy" healthy docker-test-1
probe=$(docker image inspect -f '{{index .Config.Healthcheck.Test 3}}' llamaduct)
check "the health check fails where nothing serves" not docker exec -e PORT=1 docker-test-1 node -e "$probe"
docker logs docker-test-1 2> "$work/log" > /dev/null
check "the log is JSON lines without the key" node -e '
  const lines = require("fs").readFileSync(process.argv[1], "utf8").trim().split("\n").map((line) => JSON.parse(line));
  process.exit(lines.some(({ msg }) => msg === "request") && !JSON.stringify(lines).includes(process.argv[2]) ? 0 : 1);' "$work/log" "$key"

# --- Somebody's provider: its upstream is the first container ---
mkdir "$work/image"
node tooling/pack-example-provider.ts "$work/image"
printf 'FROM llamaduct\nCOPY *.tgz /tmp/\nRUN npm install --no-audit --no-fund /tmp/*.tgz && npm cache clean --force\n' > "$work/image/Dockerfile"
check "npm install adds a provider" docker build --network host --tag docker-test-provider "$work/image"
cat > "$work/provider.yaml" << YAML
providers: ["llamaduct-provider-acme"]
model_list:
  - model_name: theirs
    litellm_params: { model: acme/plain, api_base: "http://127.0.0.1:$port/v1", api_key: os.environ/FIRST_KEY }
YAML
run docker-test-2 -e PORT=$((port + 1)) -e FIRST_KEY="$key" -e LITELLM_MASTER_KEY="$key-2" -v "$work/provider.yaml:/app/config.yaml" docker-test-provider --config config.yaml
serves docker-test-2 $((port + 1))
port=$((port + 1)) check "the provider answers" ask "$key-2" '"model":"theirs"'

# --- SIGTERM ---
ask "$key" '"model":"looper","max_tokens":1500,"stream":true' --no-buffer > "$work/stream" &
asking=$!
for _ in $(seq 600); do grep -q '"content":"' "$work/stream" && break || sleep 0.05; done
check "a stream begins" grep -q '"content":"' "$work/stream"
check "… and has not ended" not grep -q '\[DONE\]' "$work/stream"
docker stop --time 35 docker-test-1 > /dev/null
wait $asking || true
check "SIGTERM lets it end" grep -q '\[DONE\]' "$work/stream"
check "exit code 0" test "$(docker inspect -f '{{.State.ExitCode}}' docker-test-1)" = 0

# --- compose ---
if docker compose version > /dev/null 2>&1; then
  bash tooling/compose-test.sh || failed=$((failed + 1))
else
  echo "SKIPPED compose: there is no docker compose"
fi

[ "$failed" -eq 0 ] && echo "docker: ok"
