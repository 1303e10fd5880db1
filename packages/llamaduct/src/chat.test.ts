import { describe, expect, it } from "vitest";
import { startEngine } from "../test/start-engine.ts";

const messages = [{ role: "user", content: "hi" }] as const;
const sentence = "The quick brown llama jumps over the lazy alpaca.";

describe("n answers", () => {
  it("I10: are three upstream calls with seeds of their own, three choices in order, their usage added up", async () => {
    const { engine, bodies } = await startEngine();
    const { choices, usage } = await engine.completion({ model: "plain", messages, n: 3, seed: 5 });
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([0, 1, 2].map((i) => [i, sentence]));
    expect(usage).toMatchObject({ prompt_tokens: 69, completion_tokens: 33, total_tokens: 102 });
    expect(bodies("/api/chat").map(({ options }) => options)).toEqual([{ seed: 5 }, { seed: 6 }, { seed: 7 }]);
  });

  it("I10, P1: stream side by side; each has its role, its text and its end, and the usage comes once, last", async () => {
    const { engine } = await startEngine();
    const stream_options = { include_usage: true };
    const texts = ["", "", ""];
    const ends: (number | string)[] = [];
    const roles: number[] = [];
    const usages: unknown[] = [];
    const stream = await engine.completion({ model: "plain", messages, n: 3, stream: true, stream_options });
    for await (const { choices, usage } of stream) {
      for (const { index, delta, finish_reason } of choices) {
        texts[index] += delta.content ?? "";
        if (delta.role) roles.push(index);
        if (finish_reason) ends.push(index, finish_reason);
      }
      usages.push(usage);
    }
    expect(texts).toEqual([sentence, sentence, sentence]);
    expect(roles.sort()).toEqual([0, 1, 2]);
    expect(ends.filter((end) => end === "stop")).toHaveLength(3);
    expect(ends.filter((end) => end !== "stop").sort()).toEqual([0, 1, 2]);
    expect(usages.pop()).toMatchObject({ prompt_tokens: 69, completion_tokens: 33, total_tokens: 102 });
    expect(new Set(usages)).toEqual(new Set([null]));
  });

  it("fail together when one does not begin, and no upstream goes on", async () => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue({ recording: "chat-plain-stream", fault: { silenceAfterChunks: 1 } });
    emulator.enqueue({ status: 500, chunks: ['{"error":"llama-server process has terminated"}'] });
    const refused = engine.completion({ model: "plain", messages, n: 2, stream: true });
    await expect(refused).rejects.toMatchObject({ code: "upstream_error" });
    expect((await Promise.all(emulator.requests.map(({ ended }) => ended))).sort()).toEqual(["aborted", "complete"]);
  });

  it.each([false, true])("M2: when one breaks off the others end upstream too (stream: %s)", async (stream) => {
    const { engine, emulator } = await startEngine();
    emulator.enqueue({ recording: "chat-plain-stream", fault: { silenceAfterChunks: 1 } });
    emulator.enqueue({ recording: "chat-plain-stream", fault: { endAfterChunks: 2 } });
    const broken = (async () => {
      const answer = await engine.completion({ model: "plain", messages, n: 2, stream });
      if (Symbol.asyncIterator in answer) for await (const _ of answer);
    })();
    await expect(broken).rejects.toMatchObject({ code: "upstream_stream_interrupted" });
    expect((await Promise.all(emulator.requests.map(({ ended }) => ended))).sort()).toEqual(["aborted", "complete"]);
  });
});

describe("E1: the prefix ollama/", () => {
  const history = [...messages, { role: "assistant", content: "Hello." }, { role: "user", content: "and?" }] as const;

  it.each<[string, readonly object[], string]>([
    ["ollama/plain", messages, "/api/generate"],
    ["ollama/plain", [{ role: "system", content: "Be terse." }, ...messages], "/api/generate"],
    ["ollama/plain", history, "/api/chat"],
    ["ollama_chat/plain", history, "/api/chat"],
    ["plain", history, "/api/chat"],
  ])("%s with %j goes to %s, its roles intact", async (model, messages, path) => {
    const { engine, emulator } = await startEngine();
    const { body } = await engine.chat({ model, messages });
    expect(body).toMatchObject({ choices: [{ message: { content: sentence } }] });
    expect(emulator.requests.map((request) => request.path)).toEqual([path]);
    expect(JSON.stringify(emulator.requests[0]?.body)).not.toContain("###");
  });

  it.each(["ollama/tools", "ollama_chat/tools"])("E2: %s takes tools", async (model) => {
    const { engine } = await startEngine();
    const tools = [{ type: "function", function: { name: "get_current_weather", parameters: {} } }] as const;
    const { choices } = await engine.completion({ model, messages, tools });
    expect(choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: { tool_calls: [{ type: "function", function: { name: "get_current_weather" } }] },
    });
  });
});
