import type { Completion } from "openai/resources/completions";
import { describe, expect, it } from "vitest";
import { startProxy } from "./start-proxy.ts";

const TEXT = "The quick brown llama jumps over the lazy alpaca.";
const gap = { prompt: "def add(a, b):\n    ", suffix: "\nprint(add(1, 2))" };

describe("openai-node's text completions", () => {
  it.each(["ollama/plain", "ollama_chat/plain", "plain"])("E2, P3: %s, whole and streamed", async (model) => {
    const { client, emulator } = await startProxy();
    const { data, response } = await client.completions.create({ model, prompt: ["hi", "ho"] }).withResponse();
    expect(data).toMatchObject({
      object: "text_completion",
      model,
      choices: [
        { index: 0, text: TEXT, finish_reason: "stop" },
        { index: 1, text: TEXT, finish_reason: "stop" },
      ],
      usage: { completion_tokens: 22 },
    });
    expect(response.headers.get("x-llamaduct-model")).toMatch(/^ollama(_chat)?\/plain$/);
    const chunks = await chunksOf(await client.completions.create({ model, prompt: ["hi", "ho"], stream: true }));
    for (const index of [0, 1]) {
      const choices = chunks.flatMap((chunk) => chunk.choices).filter((choice) => choice.index === index);
      expect(choices.map(({ text }) => text).join("")).toBe(TEXT);
      expect(choices.flatMap(({ finish_reason }) => finish_reason ?? [])).toEqual(["stop"]);
    }
    expect(new Set(emulator.requests.map(({ path }) => path))).toEqual(new Set(["/api/generate"]));
  });

  it("P2: fill in the middle, at the short path too", async () => {
    const { client, url, emulator } = await startProxy();
    for (const baseURL of [`${url}/v1`, url]) {
      const { choices } = await client.withOptions({ baseURL }).completions.create({ model: "coder", ...gap });
      expect(choices[0]?.text).toBe("return a + b\n");
      expect((await emulator.nextRequest("/api/generate")).body).toMatchObject({ model: "coder", ...gap });
    }
  });

  it("I1, P1: length in both modes; the usage once and last, when asked for", async () => {
    const { client, emulator } = await startProxy();
    const request = { model: "plain", prompt: "hi", max_tokens: 3 };
    emulator.enqueue({ path: "/api/generate", recording: "generate-length-stream", times: 3 });
    const whole = await client.completions.create(request);
    expect(whole.choices[0]).toMatchObject({ text: "The quick brown", finish_reason: "length" });
    const chunks = await chunksOf(
      await client.completions.create({ ...request, stream: true, stream_options: { include_usage: true } }),
    );
    const last = chunks.pop();
    expect(last).toMatchObject({ choices: [], usage: whole.usage });
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("length");
    expect(chunks.every(({ usage }) => usage === null)).toBe(true);
    const without = await chunksOf(await client.completions.create({ ...request, stream: true }));
    expect(without.filter((chunk) => "usage" in chunk)).toEqual([]);
  });

  it.each([
    ["tokens", { prompt: [1, 2, 3] }, "prompt", /must be text, not tokens/],
    ["P2: a suffix for a model without a place for it", { prompt: "a", suffix: "b" }, "suffix", /fill in the middle/],
    ["best_of below n", { prompt: "a", n: 2, best_of: 1 }, "best_of", /at least n/],
  ])("%s is a 400 that names the field", async (_, fields, param, message) => {
    const { client } = await startProxy();
    const refused = client.completions.create({ model: "plain", ...fields });
    await expect(refused).rejects.toMatchObject({ status: 400, param, message: expect.stringMatching(message) });
  });
});

async function chunksOf(stream: AsyncIterable<Completion>): Promise<Completion[]> {
  const chunks: Completion[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}
