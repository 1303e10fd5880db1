#!/usr/bin/env bash
# chat.sh [MODEL]: a streamed answer, event by event. Needs a running proxy.
set -euo pipefail
curl --fail-with-body --no-buffer --silent --show-error \
  "${OPENAI_BASE_URL:-http://127.0.0.1:4000/v1}/chat/completions" \
  -H "content-type: application/json" \
  -H "authorization: Bearer ${LITELLM_MASTER_KEY:-none}" \
  -d '{
    "model": "'"${1:-llama3.2}"'",
    "messages": [{"role": "user", "content": "Why is the sky blue?"}],
    "stream": true
  }'
