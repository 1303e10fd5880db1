import { AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  ANSWER,
  asked,
  chats,
  DAY,
  demandedCall,
  enqueue,
  modelKinds,
  TIME,
  VERDICT,
  verdict,
  WEATHER,
} from "./model-kinds.ts";
import { startProxy } from "./start-proxy.ts";

const question = new HumanMessage("How is Boston?");
const Weather = z.object({ location: z.string(), unit: z.enum(["celsius", "fahrenheit"]) });
const zone = z.object({ zone: z.string() });
const tools = [
  tool(async () => "cold", { name: WEATHER.name, description: "The weather in a city", schema: Weather }),
  tool(async () => "noon", { name: TIME.name, schema: zone }),
  tool(async () => "Monday", { name: DAY.name, schema: zone }),
];

async function start(model: string) {
  const { baseURL, emulator } = await startProxy();
  return { emulator, chat: new ChatOpenAI({ model, apiKey: "none", maxRetries: 0, configuration: { baseURL } }) };
}

const callsIn = ({ tool_calls: calls = [] }: AIMessageChunk) =>
  calls.map(({ name, args }) => ({ name, arguments: args }));

async function joined(stream: AsyncIterable<AIMessageChunk>) {
  let message = new AIMessageChunk("");
  let pieces = 0;
  for await (const chunk of stream) {
    message = message.concat(chunk);
    if (chunk.text !== "") pieces += 1;
  }
  return { message, pieces };
}

describe.each(modelKinds)("LangChain with a $name model", ({ name, turns, verdictBesideTools, asksFor }) => {
  it("bindTools: invoke calls, and answers when it is told the result", async () => {
    const { chat, emulator } = await start(name);
    enqueue(emulator, [turns.call, turns.answer]);
    const bound = chat.bindTools(tools);
    const call = await bound.invoke([question]);
    expect(callsIn(call)).toEqual([WEATHER]);
    expect(call.response_metadata["finish_reason"]).toBe("tool_calls");
    const result = new ToolMessage({ content: "cold", tool_call_id: call.tool_calls?.[0]?.id ?? "" });
    expect((await bound.invoke([question, call, result])).text).toBe(ANSWER);
    expect(asked(emulator)).toEqual([asksFor, asksFor]);
    expect(JSON.stringify(chats(emulator).at(-1))).toContain("cold");
  });

  it("bindTools: stream takes parallel calls apart, and streams the answer", async () => {
    const { chat, emulator } = await start(name);
    enqueue(emulator, [turns.calls, turns.answer]);
    const bound = chat.bindTools(tools);
    const calls = await joined(await bound.stream([question]));
    expect(callsIn(calls.message)).toEqual([TIME, DAY]);
    expect(calls.message.invalid_tool_calls ?? []).toEqual([]);
    expect(calls.pieces).toBe(0);
    const answer = await joined(await bound.stream([question]));
    expect(answer.message.text).toBe(ANSWER);
    expect(answer.pieces).toBeGreaterThan(1);
    expect(asked(emulator)).toEqual([asksFor, asksFor]);
  });

  it.each(["required", WEATHER.name])("bindTools gets the call it demands: %s", async (tool_choice) => {
    const { chat, emulator } = await start(name);
    enqueue(emulator, [demandedCall]);
    expect(callsIn(await chat.bindTools(tools, { tool_choice }).invoke([question]))).toEqual([WEATHER]);
    expect(asked(emulator)).toEqual(["grammar"]);
  });

  it.each([
    ["jsonSchema", verdict, VERDICT, z.object({ answer: z.string(), score: z.number().int() })],
    ["functionCalling", demandedCall, WEATHER.arguments, Weather],
  ] as const)("withStructuredOutput by %s, whole and streamed", async (method, reply, expected, schema) => {
    const { chat, emulator } = await start(name);
    enqueue(emulator, [reply, reply]);
    const structured = chat.withStructuredOutput<Record<string, unknown>>(schema, { method, name: WEATHER.name });
    expect(await structured.invoke([question])).toEqual(expected);
    let last: unknown;
    for await (const value of await structured.stream([question])) last = value;
    expect(last).toEqual(expected);
    expect(asked(emulator)).toEqual(["grammar", "grammar"]);
  });

  it("tools and a schema together: an answer by the schema", async () => {
    const { chat, emulator } = await start(name);
    enqueue(emulator, verdictBesideTools);
    const schema = { type: "object", properties: { answer: { type: "string" }, score: { type: "integer" } } };
    const bound = chat.bindTools(tools, {
      response_format: { type: "json_schema", json_schema: { name: "verdict", schema } },
    });
    expect(JSON.parse((await bound.invoke([question])).text)).toEqual(VERDICT);
    expect(asked(emulator)).toEqual(asksFor === "tools" ? ["tools", "grammar"] : ["grammar"]);
  });
});
