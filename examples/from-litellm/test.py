# A streamed chat with the module's own client, as older code has it.
import os

import openai

openai.base_url = os.environ.get("PROXY_URL", "http://0.0.0.0:4000") + "/"
openai.api_key = os.environ.get("LITELLM_MASTER_KEY", "temp-key")

stream = openai.chat.completions.create(
    model="ollama/llama2",
    messages=[{"role": "user", "content": "Say that you got this."}],
    stream=True,
)
for chunk in stream:
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
