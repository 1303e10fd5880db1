import { expect, inject, it } from "vitest";
import { jsonToolCalls } from "../../packages/json-tool-calls/src/index.ts";
import { createLlamaduct, type Deployment } from "../../packages/llamaduct/src/index.ts";

/** Left to themselves, half of them only talk, and the others call something else. */
const MODELS = ["plain", "tools", "thinker", "native"];
const messages = [{ role: "user", content: "hi" }] as const;
const limit = { seed: 7, max_tokens: 400 };

const weather = {
  type: "object",
  properties: {
    city: { type: "string" },
    days: { type: "integer", minimum: 1 },
    unit: { enum: ["celsius", "fahrenheit"] },
    at: { $ref: "#/$defs/place" },
  },
  required: ["city", "days", "unit", "at"],
  $defs: { place: { type: "object", properties: { lat: { type: "number" } }, required: ["lat"] } },
};
const tree = { type: "object", properties: { left: { $ref: "#" }, value: { type: "integer" } }, required: ["value"] };
const tool = (name: string, parameters?: object) => ({ type: "function", function: { name, parameters } }) as const;
const tools = [tool("get_weather", weather), tool("now"), tool("walk", tree)];

/** Every model twice: as its host describes it, and told to have no tools. */
const settings = { baseURL: inject("ollamaURL") };
const deployments = MODELS.flatMap((name): Deployment[] => {
  const model = `ollama_chat/llamaduct/${name}`;
  return [
    { name, model, settings },
    { name: `${name}-fallback`, model, settings, facts: { capabilities: { tools: "none" } } },
  ];
});
const engine = createLlamaduct({ deployments });

interface Seen {
  readonly text: string;
  readonly calls: readonly (readonly [name: string, args: unknown])[];
  readonly finish: string | null | undefined;
}

async function whole(request: object): Promise<Seen> {
  const { choices } = await engine.completion({ messages, ...limit, model: "", ...request });
  const calls = choices[0]?.message.tool_calls ?? [];
  return {
    text: choices[0]?.message.content ?? "",
    calls: calls.map(({ function: called }) => [called.name, JSON.parse(called.arguments)]),
    finish: choices[0]?.finish_reason,
  };
}

async function streamed(request: object): Promise<Seen> {
  let text = "";
  let finish: string | null | undefined;
  const calls: { name: string; args: string }[] = [];
  for await (const { choices } of await engine.completion({
    messages,
    ...limit,
    model: "",
    ...request,
    stream: true,
  })) {
    text += choices[0]?.delta.content ?? "";
    finish = choices[0]?.finish_reason ?? finish;
    for (const { index, function: piece } of choices[0]?.delta.tool_calls ?? []) {
      calls[index] ??= { name: piece.name ?? "", args: "" };
      calls[index].args += piece.arguments;
    }
  }
  return { text, calls: calls.map(({ name, args }) => [name, JSON.parse(args)]), finish };
}

/** What the schema of each tool says of its arguments. */
function expectValid([name, args]: readonly [string, unknown]): void {
  const place = { lat: expect.any(Number) };
  if (name === "get_weather") {
    expect(args).toEqual({ city: expect.any(String), days: expect.any(Number), unit: expect.any(String), at: place });
    expect(args).toMatchObject({ unit: expect.stringMatching(/^(celsius|fahrenheit)$/) });
  } else if (name === "walk") expect(args).toMatchObject({ value: expect.any(Number) });
  else expect([name, args]).toEqual(["now", {}]);
}

const names = deployments.map(({ name }) => name);

it.each(MODELS)("C1: %s makes the call that is demanded, by its schema", async (model) => {
  const demanded = await whole({ model, tools, tool_choice: "required" });
  expect(demanded).toMatchObject({ text: "", finish: "tool_calls" });
  expect(demanded.calls.length).toBeGreaterThan(0);
  for (const call of demanded.calls) expectValid(call);
  const tool_choice = { type: "function", function: { name: "get_weather" } };
  const named = await streamed({ model, tools, tool_choice });
  expect(named).toMatchObject({ text: "", finish: "tool_calls", calls: [["get_weather", expect.anything()]] });
  for (const call of named.calls) expectValid(call);
});

it.each(names)("C1: %s never calls when it must not", async (model) => {
  for (const ask of [whole, streamed]) {
    const { calls, finish } = await ask({ model, tools, tool_choice: "none" });
    expect([calls, finish]).toEqual([[], "stop"]);
  }
});

it.each(names.filter((name) => name.endsWith("-fallback")))("B5: %s answers or calls, as it likes", async (model) => {
  const { text, calls, finish } = await streamed({ model, tools });
  expect(finish).toBe(calls.length > 0 ? "tool_calls" : "stop");
  expect(text).not.toContain("tool_calls");
  for (const call of calls) expectValid(call);
});

it.each(names)("G2: %s calls, or answers by the schema", async (model) => {
  const properties = { answer: { type: "string" }, score: { type: "integer" } };
  const json_schema = { name: "verdict", strict: true, schema: { type: "object", properties, required: ["score"] } };
  const { text, calls } = await whole({ model, tools, response_format: { type: "json_schema", json_schema } });
  if (calls.length === 0) expect(JSON.parse(text)).toMatchObject({ score: expect.any(Number) });
});

it("a model calls one of 200 tools", async () => {
  // Told of them all, at a token a character, the model's 8192 tokens would not do.
  const middleware = [jsonToolCalls({ instruction: () => "" })];
  const untold = createLlamaduct({ deployments, middleware });
  const many = Array.from({ length: 200 }, (_, index) => tool(`t${index}`, weather));
  const request = { ...limit, model: "plain", messages, tools: many, tool_choice: "required" } as const;
  const [choice] = (await untold.completion(request)).choices;
  for (const { function: called } of choice?.message.tool_calls ?? []) {
    expect(called.name).toMatch(/^t\d+$/);
    expectValid(["get_weather", JSON.parse(called.arguments)]);
  }
  expect(choice?.finish_reason).toBe("tool_calls");
});

it("a model calls by a schema of 25 levels", async () => {
  const nested = (levels: number): object =>
    levels === 0 ? { type: "integer" } : { type: "object", properties: { a: nested(levels - 1) }, required: ["a"] };
  const { calls } = await whole({ model: "plain", tools: [tool("deep", nested(25))], tool_choice: "required" });
  expect(JSON.stringify(calls[0]?.[1])).toMatch(/^(\{"a":){25}-?\d+\}{25}$/);
});
