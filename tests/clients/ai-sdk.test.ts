import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateObject, generateText, isStepCount, Output, streamText, tool } from "ai";
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

// `generateObject` is deprecated there, and in use.
globalThis.AI_SDK_LOG_WARNINGS = false;
const prompt = "How is Boston?";
const schema = z.object({ answer: z.string(), score: z.number().int() });
const output = Output.object({ schema });
const zone = tool({ inputSchema: z.object({ zone: z.string() }), execute: async () => "noon" });
const tools = {
  [WEATHER.name]: tool({
    description: "The weather in a city",
    inputSchema: z.object({ location: z.string(), unit: z.enum(["celsius", "fahrenheit"]) }),
    execute: async () => "cold",
  }),
  [TIME.name]: zone,
  [DAY.name]: zone,
};
const stopWhen = isStepCount(5);

async function start(name: string) {
  const { baseURL, emulator } = await startProxy();
  const provider = createOpenAICompatible({ name: "llamaduct", baseURL, supportsStructuredOutputs: true });
  return { emulator, settings: { model: provider(name), prompt, maxRetries: 0 } };
}

const callsIn = (calls: readonly { readonly toolName: string; readonly input: unknown }[]) =>
  calls.map(({ toolName, input }) => ({ name: toolName, arguments: input }));

describe.each(modelKinds)("the AI SDK with a $name model", ({ name, turns, verdictBesideTools, asksFor }) => {
  it("streamText calls, tells the result and streams the answer", async () => {
    const { emulator, settings } = await start(name);
    enqueue(emulator, [turns.call, turns.answer]);
    const result = streamText({ ...settings, tools, stopWhen });
    const texts: string[] = [];
    for await (const text of result.textStream) texts.push(text);
    expect(texts.join("")).toBe(ANSWER);
    expect(texts.length).toBeGreaterThan(1);
    const steps = await result.steps;
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(["tool-calls", "stop"]);
    expect(callsIn(steps[0]?.toolCalls ?? [])).toEqual([WEATHER]);
    expect(asked(emulator)).toEqual([asksFor, asksFor]);
    expect(JSON.stringify(chats(emulator).at(-1))).toContain("cold");
  });

  it("streamText takes parallel calls apart", async () => {
    const { emulator, settings } = await start(name);
    enqueue(emulator, [turns.calls, turns.answer]);
    const { steps } = streamText({ ...settings, tools, stopWhen });
    expect((await steps).map(({ toolCalls }) => callsIn(toolCalls))).toEqual([[TIME, DAY], []]);
  });

  it("generateText does the same in whole answers", async () => {
    const { emulator, settings } = await start(name);
    enqueue(emulator, [turns.calls, turns.call, turns.answer]);
    const { steps, text, totalUsage } = await generateText({ ...settings, tools, stopWhen });
    expect(steps.map(({ toolCalls }) => callsIn(toolCalls))).toEqual([[TIME, DAY], [WEATHER], []]);
    expect(text).toBe(ANSWER);
    expect(totalUsage.outputTokens).toBeGreaterThan(0);
    expect(asked(emulator)).toEqual([asksFor, asksFor, asksFor]);
  });

  it.each([["required"], [{ type: "tool", toolName: WEATHER.name }]] as const)(
    "generateText gets the call it demands: %j",
    async (toolChoice) => {
      const { emulator, settings } = await start(name);
      enqueue(emulator, [demandedCall]);
      const { toolCalls } = await generateText({ ...settings, tools, toolChoice });
      expect(callsIn(toolCalls)).toEqual([WEATHER]);
      expect(asked(emulator)).toEqual(["grammar"]);
    },
  );

  it("Output.object is what its schema says, whole and streamed; so is generateObject", async () => {
    const { emulator, settings } = await start(name);
    enqueue(emulator, [verdict, verdict, verdict]);
    expect((await generateText({ ...settings, output })).output).toEqual(VERDICT);
    const streamed = streamText({ ...settings, output });
    const partial: unknown[] = [];
    for await (const each of streamed.partialOutputStream) partial.push(each);
    expect(partial.at(-1)).toEqual(VERDICT);
    expect(await streamed.output).toEqual(VERDICT);
    expect((await generateObject({ ...settings, schema })).object).toEqual(VERDICT);
    expect(asked(emulator)).toEqual(["grammar", "grammar", "grammar"]);
  });

  it("tools and Output.object work together: first the call, then the object", async () => {
    const { emulator, settings } = await start(name);
    enqueue(emulator, [turns.call, ...verdictBesideTools]);
    const result = await generateText({ ...settings, tools, output, stopWhen });
    expect(callsIn(result.steps[0]?.toolCalls ?? [])).toEqual([WEATHER]);
    expect(result.output).toEqual(VERDICT);
    expect(asked(emulator)).toEqual(asksFor === "tools" ? ["tools", "tools", "grammar"] : ["grammar", "grammar"]);
  });
});
