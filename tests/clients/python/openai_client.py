"""What openai-python makes of a proxy's answers, as one JSON object. Arguments: base URL, model."""

import json
import sys

from openai import OpenAI, pydantic_function_tool
from pydantic import BaseModel


class Verdict(BaseModel):
    answer: str
    score: int


class Weather(BaseModel):
    location: str
    unit: str


class Zone(BaseModel):
    zone: str


base_url, model = sys.argv[1:]
completions = OpenAI(base_url=base_url, api_key="none", max_retries=0).chat.completions
question = [{"role": "user", "content": "How is Boston?"}]
tools = [
    pydantic_function_tool(Weather, name="get_current_weather"),
    pydantic_function_tool(Zone, name="get_time"),
    pydantic_function_tool(Zone, name="get_day"),
]


def parse(**more):
    return completions.parse(model=model, messages=question, **more).choices[0]


def calls(choice):
    made = [call.function for call in choice.message.tool_calls or []]
    return [{"name": call.name, "arguments": call.parsed_arguments.model_dump()} for call in made]


def stream(messages=question, **more):
    """The names of the events, and the final choice."""
    with completions.stream(model=model, messages=messages, **more) as events:
        names = [event.type for event in events]
        return names, events.get_final_completion().choices[0]


def conversation():
    """A call, its result, the answer."""
    names, first = stream(tools=tools)
    call = first.message.tool_calls[0]
    result = {"role": "tool", "tool_call_id": call.id, "content": "cold"}
    _, last = stream([*question, first.message.model_dump(exclude_none=True), result], tools=tools)
    return {"call": calls(first), "finish": first.finish_reason, "events": names, "answer": last.message.content}


def structured_stream():
    names, choice = stream(response_format=Verdict)
    return {"parsed": choice.message.parsed.model_dump(), "events": names}


named = {"type": "function", "function": {"name": "get_current_weather"}}
# In the order in which the answers are scripted.
seen = {
    "parsed": parse(response_format=Verdict).message.parsed.model_dump(),
    "calls": calls(parse(tools=tools)),
    "demanded": [calls(parse(tools=tools, tool_choice=choice)) for choice in ("required", named)],
    "parsed_beside_tools": parse(tools=tools, response_format=Verdict).message.parsed.model_dump(),
    "stream": structured_stream(),
    "conversation": conversation(),
}
print(json.dumps(seen))
