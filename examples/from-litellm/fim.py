# Fill-in-the-middle: what belongs between a beginning and an end.
import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ.get("PROXY_URL", "http://0.0.0.0:4000"),
    api_key=os.environ.get("LITELLM_MASTER_KEY", "anything"),
)
completion = client.completions.create(
    model="ollama/llama3.1",
    prompt="def add(a, b):\n    ",
    suffix="\nprint(add(1, 2))",
)
print(completion.choices[0].text)
