#!/usr/bin/env bash
# A question about a picture, its PNG as bare base64, as LiteLLM's example has it. A data URL does as well.
set -euo pipefail
curl --fail-with-body --silent --show-error \
  "${PROXY_URL:-http://0.0.0.0:4000}/chat/completions" \
  -H 'Content-Type: application/json' \
  -H "Authorization: Bearer ${LITELLM_MASTER_KEY:-sk-1234}" \
  -d '{
    "model": "llava",
    "messages": [
      {
        "role": "user",
        "content": [
          {"type": "text", "text": "What is in this picture?"},
          {
            "type": "image_url",
            "image_url": {
              "url": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
            }
          }
        ]
      }
    ]
  }'
