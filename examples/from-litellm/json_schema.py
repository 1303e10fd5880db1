# An answer in a given form, as an object.
import os

from openai import OpenAI
from pydantic import BaseModel


class Step(BaseModel):
    explanation: str
    output: str


class MathReasoning(BaseModel):
    steps: list[Step]
    final_answer: str


client = OpenAI(
    base_url=os.environ.get("PROXY_URL", "http://0.0.0.0:4000"),
    api_key=os.environ.get("LITELLM_MASTER_KEY", "anything"),
)
completion = client.beta.chat.completions.parse(
    model="deepseek-r1",
    messages=[
        {"role": "system", "content": "Teach mathematics: one step at a time."},
        {"role": "user", "content": "Solve 8x + 7 = -23."},
    ],
    response_format=MathReasoning,
)
print(completion.choices[0].message.parsed)
