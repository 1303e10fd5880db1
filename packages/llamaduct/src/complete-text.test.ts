import { describe, expect, it } from "vitest";
import { startEngine } from "../test/start-engine.ts";

const sentence = "The quick brown llama jumps over the lazy alpaca.";
const line = (fields: object) => `${JSON.stringify({ model: "m", response: "", done: false, ...fields })}\n`;
const logprob = (value: number) => ({ logprobs: [{ token: "t", logprob: value, top_logprobs: [] }] });

/** An answer of `/api/generate`, its one token as likely as that. */
function said(response: string, likelihood: number, reason = "stop"): { path: string; chunks: string[] } {
  const last = { done: true, done_reason: reason, prompt_eval_count: 2, eval_count: 1 };
  return { path: "/api/generate", chunks: [line({ response, ...logprob(likelihood) }), line(last)] };
}

describe("a text completion", () => {
  it.each(["ollama/plain", "ollama_chat/plain", "plain"])(
    "E2, P3: %s takes one prompt or several, in order",
    async (model) => {
      const { engine, bodies } = await startEngine();
      const one = await engine.textCompletion({ model, prompt: "hi" });
      expect(one).toMatchObject({ object: "text_completion", model, id: expect.stringMatching(/^cmpl-[0-9a-f]{32}$/) });
      expect(one.choices).toEqual([{ index: 0, text: sentence, logprobs: null, finish_reason: "stop" }]);
      const several = await engine.textCompletion({ model, prompt: ["hi", "ho"], n: 2, echo: true, seed: 1 });
      expect(several.choices.map(({ index, text }) => [index, text])).toEqual([
        [0, `hi${sentence}`],
        [1, `hi${sentence}`],
        [2, `ho${sentence}`],
        [3, `ho${sentence}`],
      ]);
      expect(several.usage.completion_tokens).toBe(44);
      expect(bodies("/api/generate").map(({ prompt, options }) => [prompt, options])).toEqual([
        ["hi", undefined],
        ["hi", { seed: 1 }],
        ["hi", { seed: 2 }],
        ["ho", { seed: 1 }],
        ["ho", { seed: 2 }],
      ]);
    },
  );

  it("P2: a suffix and its prompt arrive as they were sent", async () => {
    const { engine, bodies } = await startEngine();
    const [prompt, suffix] = ["def add(a, b):\n    ", "\nprint(add(1, 2))"];
    const { choices } = await engine.textCompletion({ model: "ollama_chat/coder", prompt, suffix });
    expect(choices[0]?.text).toBe("return a + b\n");
    expect(bodies("/api/generate")).toEqual([{ model: "coder", prompt, suffix, stream: true, truncate: false }]);
  });

  it("E3: raw, template and system arrive", async () => {
    const { engine, bodies } = await startEngine();
    const said = { system: "Be terse.", template: "{{ .Prompt }}" };
    await engine.textCompletion({ model: "plain", prompt: "hi", ...said });
    await engine.textCompletion({ model: "plain", prompt: "hi", raw: true });
    expect(bodies("/api/generate")).toMatchObject([said, { raw: true }]);
  });

  it("best_of: the likeliest of all are the choices, and all are paid for", async () => {
    const { engine, emulator, bodies } = await startEngine();
    for (const [text, likelihood] of [
      ["bad", -9],
      ["best", -1],
      ["good", -3],
    ] as const)
      emulator.enqueue(said(text, likelihood));
    const request = { model: "plain", prompt: "hi", n: 2, best_of: 3, seed: 1 };
    const { choices, usage } = await engine.textCompletion(request);
    const answered = emulator.requests.map(({ body }) => (body as { options: { seed: number } }).options.seed);
    expect(answered.sort()).toEqual([1, 2, 3]);
    expect(choices.map(({ text }) => text)).toEqual(["best", "good"]);
    expect(usage).toEqual({ prompt_tokens: 6, completion_tokens: 3, total_tokens: 9 });
    expect(bodies("/api/generate").every(({ logprobs }) => logprobs === true)).toBe(true);
  });

  it("I1, P1: streams choices side by side, with the usage once and last", async () => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue(said("one", -1));
    emulator.enqueue(said("two", -1, "length"));
    const texts = ["", ""];
    const ends: (string | null)[] = [];
    const usages: unknown[] = [];
    const stream = await engine.textCompletion({
      model: "plain",
      prompt: ["a", "b"],
      echo: true,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const { choices, usage } of stream) {
      for (const { index, text, finish_reason } of choices) {
        texts[index] += text;
        if (finish_reason) ends.push(finish_reason);
      }
      usages.push(usage);
    }
    expect(texts.map((text) => text[0])).toEqual(["a", "b"]);
    expect(texts.map((text) => text.slice(1)).sort()).toEqual(["one", "two"]);
    expect(ends.sort()).toEqual(["length", "stop"]);
    expect(usages.pop()).toEqual({ prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 });
    expect(new Set(usages)).toEqual(new Set([null]));
  });

  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["load", "stop"],
    ["unload", "stop"],
    ["odd", "stop"],
  ])("I1: done_reason %s is %s, whole and streamed", async (reason, expected) => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue({ ...said("x", -1, reason), times: 2 });
    const whole = await engine.textCompletion({ model: "plain", prompt: "hi" });
    let streamed: unknown;
    for await (const { choices } of await engine.textCompletion({ model: "plain", prompt: "hi", stream: true }))
      streamed = choices[0]?.finish_reason ?? streamed;
    expect([whole.choices[0]?.finish_reason, streamed]).toEqual([expected, expected]);
  });

  it.each<[string, object, object]>([
    ["tokens", { prompt: [1, 2] }, { code: "invalid_value", setting: "prompt" }],
    ["lists of tokens", { prompt: [[1], [2]] }, { code: "invalid_value", setting: "prompt" }],
    ["no prompt", {}, { code: "invalid_value", setting: "prompt" }],
    ["best_of in a stream", { prompt: "a", best_of: 2, stream: true }, { setting: "best_of" }],
  ])("refuses %s by name, before anyone is asked", async (_, fields, error) => {
    const { engine, emulator } = await startEngine();
    await expect(engine.text({ model: "plain", ...fields })).rejects.toMatchObject(error);
    expect(emulator.requests).toEqual([]);
  });

  it("P2: a model that cannot fill in the middle says so, naming the suffix", async () => {
    const { engine } = await startEngine();
    const refused = engine.text({ model: "plain", prompt: "a", suffix: "b" });
    await expect(refused).rejects.toMatchObject({ code: "unsupported", setting: "suffix" });
  });
});

it("G1, G6: a schema is cleaned on its way, whichever field and endpoint it comes by: old servers die of some", async () => {
  const { engine, bodies } = await startEngine();
  const schema = { $schema: "x", type: "object", properties: { a: { type: "string", pattern: "^(?:x)$" }, b: true } };
  const messages = [{ role: "user", content: "hi" }] as const;
  await engine.completion({ model: "jsonish", messages, format: schema });
  await engine.textCompletion({ model: "jsonish", prompt: "hi", format: schema });
  for (const path of ["/api/chat", "/api/generate"]) {
    const [body] = bodies(path);
    expect(body).toMatchObject({ format: { type: "object", properties: { a: { type: "string" }, b: {} } } });
    expect(JSON.stringify(body)).not.toMatch(/\(\?:|\$schema/);
  }
});
