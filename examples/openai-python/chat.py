# python chat.py [MODEL]: a whole answer, then a streamed one. Needs `pip install openai` and a running proxy.
import os
import sys

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("OPENAI_BASE_URL", "http://127.0.0.1:4000/v1"),
    api_key=os.environ.get("LITELLM_MASTER_KEY", "none"),
)
model = sys.argv[1] if len(sys.argv) > 1 else "llama3.2"
messages = [{"role": "user", "content": "Why is the sky blue?"}]

whole = client.chat.completions.create(model=model, messages=messages)
print(whole.choices[0].message.content)

for chunk in client.chat.completions.create(model=model, messages=messages, stream=True):
    print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
