#!/usr/bin/env bash
# A streamed answer that calls a tool.
set -euo pipefail
curl --fail-with-body --no-buffer --silent --show-error \
  -X POST "${PROXY_URL:-http://0.0.0.0:4000}/chat/completions" \
  -H 'Content-Type: application/json' \
  -H "Authorization: Bearer ${LITELLM_MASTER_KEY:-sk-1234}" \
  -d '{
    "model": "llama3.1",
    "messages": [{"role": "user", "content": "Do I need an umbrella in Boston today?"}],
    "tools": [
      {
        "type": "function",
        "function": {
          "name": "get_current_weather",
          "description": "The weather of a place, now",
          "parameters": {
            "type": "object",
            "properties": {
              "location": {"type": "string", "description": "A city with its state: Boston, MA"},
              "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}
            },
            "required": ["location"]
          }
        }
      }
    ],
    "tool_choice": "auto",
    "stream": true
  }'
