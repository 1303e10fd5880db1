import OpenAI from "openai";
import { zodFunction, zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletionMessageParam, ParsedChoice } from "openai/resources/chat/completions";
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

const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "How is Boston?" }];
const format = zodResponseFormat(z.object({ answer: z.string(), score: z.number().int() }), "verdict");
const Weather = z.object({ location: z.string(), unit: z.enum(["celsius", "fahrenheit"]) });
const zone = z.object({ zone: z.string() });
const tools = [
  zodFunction({ name: WEATHER.name, parameters: Weather }),
  zodFunction({ name: TIME.name, parameters: zone }),
  zodFunction({ name: DAY.name, parameters: zone }),
];

async function start() {
  const { baseURL, emulator } = await startProxy();
  return { emulator, completions: new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 }).chat.completions };
}

function callsIn([choice]: readonly ParsedChoice<unknown>[]): readonly object[] {
  return (choice?.message.tool_calls ?? []).map((call) =>
    call.type === "function" ? { name: call.function.name, arguments: call.function.parsed_arguments } : call,
  );
}

describe.each(modelKinds)("openai-node with a $name model", ({ name: model, turns, verdictBesideTools, asksFor }) => {
  it("parse() gives an answer by its schema", async () => {
    const { completions, emulator } = await start();
    enqueue(emulator, [verdict]);
    const { choices } = await completions.parse({ model, messages, response_format: format });
    expect(choices[0]?.message.parsed).toEqual(VERDICT);
    expect(choices[0]?.finish_reason).toBe("stop");
    expect(asked(emulator)).toEqual(["grammar"]);
  });

  it("parse() gives the arguments of parallel calls by their schemas", async () => {
    const { completions, emulator } = await start();
    enqueue(emulator, [turns.calls]);
    const { choices } = await completions.parse({ model, messages, tools });
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    expect(callsIn(choices)).toEqual([TIME, DAY]);
    expect(new Set(choices[0]?.message.tool_calls?.map(({ id }) => id)).size).toBe(2);
    expect(asked(emulator)).toEqual([asksFor]);
  });

  it("parse() gives an answer by its schema though there are tools", async () => {
    const { completions, emulator } = await start();
    enqueue(emulator, verdictBesideTools);
    const { choices } = await completions.parse({ model, messages, tools, response_format: format });
    expect(choices[0]?.message.parsed).toEqual(VERDICT);
    expect(asked(emulator)).toEqual(asksFor === "tools" ? ["tools", "grammar"] : ["grammar"]);
  });

  it("parse() gives a call though there is a schema", async () => {
    const { completions, emulator } = await start();
    enqueue(emulator, [turns.call]);
    const { choices } = await completions.parse({ model, messages, tools, response_format: format });
    expect(callsIn(choices)).toEqual([WEATHER]);
    expect(choices[0]?.message.parsed).toBeNull();
    expect(asked(emulator)).toEqual([asksFor]);
  });

  it.each([
    ["required", "required"],
    ["a named tool", { type: "function", function: { name: WEATHER.name } }],
  ] as const)("parse() gives the call that was demanded: %s", async (_, tool_choice) => {
    const { completions, emulator } = await start();
    enqueue(emulator, [demandedCall]);
    const { choices } = await completions.parse({ model, messages, tools, tool_choice });
    expect(callsIn(choices)).toEqual([WEATHER]);
    expect(asked(emulator)).toEqual(["grammar"]);
  });

  it("stream() tells of text and JSON as they come", async () => {
    const { completions, emulator } = await start();
    enqueue(emulator, [verdict, turns.answer]);
    const structured = completions.stream({ model, messages, response_format: format });
    const parsed: unknown[] = [];
    structured.on("content.delta", (event) => parsed.push(event.parsed));
    const [choice] = (await structured.finalChatCompletion()).choices;
    expect(choice?.message.parsed).toEqual(VERDICT);
    expect(parsed).toContainEqual({ answer: "yes" });

    const texts: string[] = [];
    const prose = completions.stream({ model, messages, tools });
    prose.on("content.delta", ({ delta }) => texts.push(delta));
    expect(await prose.finalContent()).toBe(ANSWER);
    expect(texts.length).toBeGreaterThan(1);
    expect(asked(emulator)).toEqual(["grammar", asksFor]);
  });

  it("stream() tells of each call, and of its arguments as they come", async () => {
    const { completions, emulator } = await start();
    enqueue(emulator, [turns.calls]);
    const stream = completions.stream({ model, messages, tools, stream_options: { include_usage: true } });
    const pieces = ["", ""];
    const done: unknown[] = [];
    stream.on("tool_calls.function.arguments.delta", (event) => {
      pieces[event.index] += event.arguments_delta;
    });
    stream.on("tool_calls.function.arguments.done", ({ name, index, parsed_arguments }) =>
      done.push([index, name, parsed_arguments]),
    );
    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    expect(choices[0]?.message.content).toBeNull();
    expect(done).toEqual([
      [0, TIME.name, TIME.arguments],
      [1, DAY.name, DAY.arguments],
    ]);
    expect(pieces.map((piece) => JSON.parse(piece))).toEqual([TIME.arguments, DAY.arguments]);
    expect(usage?.completion_tokens).toBeGreaterThan(0);
  });

  it.each([false, true])("runTools() calls, tells the result and gets the answer (stream: %s)", async (stream) => {
    const { completions, emulator } = await start();
    enqueue(emulator, [turns.call, turns.answer]);
    const seen: unknown[] = [];
    const weather = zodFunction({
      name: WEATHER.name,
      parameters: Weather,
      function: (args) => {
        seen.push(args);
        return "cold";
      },
    });
    // Typed apart, one by one.
    const runner = stream
      ? completions.runTools({ model, messages, tools: [weather], stream })
      : completions.runTools({ model, messages, tools: [weather] });
    expect(await runner.finalContent()).toBe(ANSWER);
    expect(seen).toEqual([WEATHER.arguments]);
    expect(asked(emulator)).toEqual([asksFor, asksFor]);
    expect(JSON.stringify(chats(emulator).at(-1))).toContain("cold");
  });
});
