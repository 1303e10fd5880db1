import type { ChatCompletionChunk, ChatCompletionMessage } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import { done, line } from "./ndjson.ts";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const hi = { role: "user", content: "hi" } as const;
const THOUGHT = "The user greets me; I greet back.";

/** LiteLLM's name for it, and the other one: openai-node's types have neither. */
type Thinking<Part> = Part & { readonly reasoning_content?: string; readonly reasoning?: string };
type Answer = readonly [content: string, reasoning_content: string, reasoning: string];

/** The same request whole and streamed. */
async function bothWays({ client }: TestProxy, model: string, extra: object = {}): Promise<readonly Answer[]> {
  const request = { model, messages: [hi], ...extra };
  const whole = await client.chat.completions.create(request);
  const parts: Thinking<ChatCompletionChunk.Choice.Delta>[] = [];
  for await (const { choices } of await client.chat.completions.create({ ...request, stream: true }))
    parts.push(...choices.map(({ delta }) => delta));
  const messages: Thinking<ChatCompletionMessage>[] = whole.choices.map(({ message }) => message);
  return [messages, parts].map((each) => [
    each.map(({ content }) => content ?? "").join(""),
    each.map(({ reasoning_content }) => reasoning_content ?? "").join(""),
    each.map(({ reasoning }) => reasoning ?? "").join(""),
  ]);
}

describe("reasoning", () => {
  it.each(["ollama_chat/thinker", "ollama/thinker"])("F2, F7: of %s has both names, in both modes", async (model) => {
    const answer: Answer = ["Hello there!", THOUGHT, THOUGHT];
    expect(await bothWays(await startProxy(), model)).toEqual([answer, answer]);
  });

  it("F6: tags inside the text are told apart, on both endpoints", async () => {
    const proxy = await startProxy();
    const answer: Answer = ["Sure: shown", "hidden", "hidden"];
    expect(await bothWays(proxy, "ollama_chat/leaky")).toEqual([answer, answer]);
    const pieces = ["Sure: <th", "ink>hidden</", "think>shown"].map((response) => ({ response, done: false }));
    const chunks = [...pieces, { response: "", done: true, done_reason: "stop" }].map(
      (each) => `${JSON.stringify(each)}\n`,
    );
    proxy.emulator.enqueue({ path: "/api/generate", chunks, times: 3 });
    expect(await bothWays(proxy, "ollama/leaky")).toEqual([answer, answer]);
    const { choices } = await proxy.client.completions.create({ model: "leaky", prompt: "hi" });
    expect(choices).toMatchObject([{ text: "Sure: shown", reasoning_content: "hidden" }]);
  });

  it.each([
    ["split anywhere", ["<thi", "nk>a</th", "ink>b"]],
    ["both in one chunk", ["<think>a</think>b"]],
  ])("F6: tags %s", async (_, pieces) => {
    const proxy = await startProxy();
    proxy.emulator.enqueue({ chunks: [...pieces.map((content) => line({ content })), done()], times: 2 });
    expect(await bothWays(proxy, "plain")).toEqual([
      ["b", "a", "a"],
      ["b", "a", "a"],
    ]);
  });

  it.each<[unknown, boolean | string]>([
    ["none", false],
    ["minimal", "low"],
    ["low", "low"],
    ["medium", "medium"],
    ["high", "high"],
    ["xhigh", "max"],
    ["max", "max"],
    [{ effort: "low" }, "low"],
  ])("F3, F4: reasoning_effort %j is think %j, at the top", async (reasoning_effort, think) => {
    const proxy = await startProxy();
    await bothWays(proxy, "thinker", { reasoning_effort });
    for (const { body } of proxy.emulator.requests) {
      expect(body).toMatchObject({ think });
      expect(body).not.toHaveProperty("options");
    }
  });

  it.each(["ollama_chat/plain", "ollama/plain"])(
    "F3: a level for %s, which has none, is dropped with a warning, the first time and after; refused when strict",
    async (model) => {
      for (const version of ["0.24.0", "0.33.0"] as const) {
        const { client, emulator } = await startProxy({ version });
        const ask = (more: object = {}) =>
          client.chat.completions.create({ model, messages: [hi], reasoning_effort: "high", ...more });
        for (const _ of ["first", "after"]) {
          const { data, response } = await ask().withResponse();
          expect(data.choices[0]?.message.content).toMatch(/^The quick/);
          expect(response.headers.get("x-llamaduct-warning")).toMatch(/^reasoning_effort: /);
          expect(emulator.requests.at(-1)?.body).not.toHaveProperty("think");
        }
        const refusal = { status: 400, code: "unsupported", param: "reasoning_effort" };
        await expect(ask({ drop_params: false })).rejects.toMatchObject(refusal);
      }
    },
  );

  it("F8: a limit that thinking used up is told, and is no empty success", async () => {
    const { client, emulator } = await startProxy();
    emulator.enqueue({ chunks: [line({ thinking: "hm, " }), line({ thinking: "well" }), done("length")], times: 2 });
    const { choices } = await client.chat.completions.create({ model: "thinker", messages: [hi], max_tokens: 2 });
    expect(choices[0]).toMatchObject({ finish_reason: "length", message: { reasoning_content: "hm, well" } });
    expect(choices[0]?.message.content ?? "").toBe("");
    const reasons: unknown[] = [];
    const stream = await client.chat.completions.create({ model: "thinker", messages: [hi], stream: true });
    for await (const chunk of stream) reasons.push(chunk.choices[0]?.finish_reason ?? null);
    expect(reasons.pop()).toBe("length");
  });

  it.each([
    ["the request", undefined, { merge_reasoning_content_in_choices: true }],
    [
      "the config",
      "model_list: [{ model_name: '*', litellm_params: { model: ollama_chat/*, merge_reasoning_content_in_choices: true } }]",
      {},
    ],
  ])("comes in the text where %s says so", async (_, config, extra) => {
    const answer: Answer = [`<think>${THOUGHT}</think>Hello there!`, "", ""];
    expect(await bothWays(await startProxy({ config }), "thinker", extra)).toEqual([answer, answer]);
  });
});
