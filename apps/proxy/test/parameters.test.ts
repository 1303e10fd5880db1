import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const hi = { role: "user", content: "hi" } as const;
const PINNED = `
model_list:
  - { model_name: pinned, litellm_params: { model: ollama_chat/plain, num_ctx: 8192, keep_alive: "-1" } }
  - { model_name: vectors, litellm_params: { model: ollama/embedder, num_ctx: 8192, keep_alive: "-1" } }
`;

/** What a chat with these fields sends upstream, and the warnings it answers with. */
async function sent({ client, emulator }: TestProxy, fields: object) {
  const request = { model: "plain", messages: [hi], ...fields } as OpenAI.ChatCompletionCreateParamsNonStreaming;
  const { response } = await client.chat.completions.create(request).withResponse();
  // The engine sends objects.
  const body = (await emulator.nextRequest("/api/chat")).body as Readonly<Record<string, unknown>>;
  return { body, warning: response.headers.get("x-llamaduct-warning") };
}

describe("parameters", () => {
  it.each<[string, object, object]>([
    ["I4: num_ctx", { num_ctx: 8192 }, { options: { num_ctx: 8192 } }],
    ["I4: options", { options: { num_ctx: 4096, top_k: 3 } }, { options: { num_ctx: 4096, top_k: 3 } }],
    ["I2: the newer limit wins", { max_tokens: 5, max_completion_tokens: 60 }, { options: { num_predict: 60 } }],
    ["I9: a neutral penalty", { frequency_penalty: 0 }, { options: { frequency_penalty: 0 } }],
    ["I7: keep_alive in words", { keep_alive: "10m" }, { keep_alive: "10m" }],
    ["I7: keep_alive in seconds", { keep_alive: 300 }, { keep_alive: 300 }],
    ["I7: keep_alive for ever", { keep_alive: -1 }, { keep_alive: -1 }],
    ["I7: keep_alive in quotes", { keep_alive: "-1" }, { keep_alive: -1 }],
    ["F4: think", { think: false }, { think: false }],
    ["I3: nothing", {}, {}],
  ])("%s", async (_, fields, expected) => {
    const { body, warning } = await sent(await startProxy(), fields);
    expect(body).toEqual({ model: "plain", messages: [hi], stream: true, truncate: false, ...expected });
    expect(warning).toBe(null);
  });

  it("I4, I5, I7: those of the config are the same on every endpoint", async () => {
    const proxy = await startProxy({ config: PINNED });
    const pinned = { keep_alive: -1, options: { num_ctx: 8192 } };
    expect((await sent(proxy, { model: "pinned" })).body).toMatchObject(pinned);
    await proxy.client.completions.create({ model: "pinned", prompt: "hi" });
    expect((await proxy.emulator.nextRequest("/api/generate")).body).toMatchObject(pinned);
    await proxy.client.embeddings.create({ model: "vectors", input: "hi" });
    expect((await proxy.emulator.nextRequest("/api/embed")).body).toMatchObject(pinned);
  });

  it("I5, I7: a request may ask for its own keep_alive, but not for a context that reloads the model", async () => {
    const proxy = await startProxy({ config: PINNED });
    const { body, warning } = await sent(proxy, { model: "pinned", num_ctx: 2048, keep_alive: "1m" });
    expect(body).toMatchObject({ keep_alive: "1m", options: { num_ctx: 8192 } });
    expect(warning).toBe("num_ctx: num_ctx is fixed for this model.");
    expect((await sent(proxy, { model: "pinned", num_ctx: 8192 })).warning).toBe(null);
    const within = await sent(proxy, { model: "pinned", options: { num_ctx: 2048 } });
    expect(within.body).toMatchObject({ options: { num_ctx: 8192 } });
    expect(within.warning).toBe("num_ctx: num_ctx is fixed for this model.");
  });

  it("I8: what nobody knows is told in a header, or refused where the client says so", async () => {
    const proxy = await startProxy();
    const { body, warning } = await sent(proxy, { wings: 2, mirostat: 1, user: "ann" });
    expect(Object.keys(body).sort()).toEqual(["messages", "model", "stream", "truncate"]);
    expect(warning).toMatch(/user: .*wings: Ollama has no field "wings"\..*mirostat: Ollama no longer has/);
    await expect(sent(proxy, { wings: 2, drop_params: false })).rejects.toMatchObject({ status: 400, param: "wings" });
  });

  it("drop_params and additional_drop_params come from the request or the config, and go no further", async () => {
    const params = "{ model: ollama_chat/plain, drop_params: true, additional_drop_params: [seed] }";
    const config = `model_list: [{ model_name: m, litellm_params: ${params} }]`;
    for (const [proxy, fields] of [
      [await startProxy({ config }), { model: "m" }],
      [await startProxy(), { drop_params: true, additional_drop_params: ["seed"] }],
    ] as const) {
      const { body, warning } = await sent(proxy, { seed: 7, temperature: 0, logit_bias: { 1: 2 }, ...fields });
      expect(body).toEqual({
        model: "plain",
        messages: [hi],
        stream: true,
        truncate: false,
        options: { temperature: 0 },
      });
      expect(warning).toMatch(/seed: seed was dropped.*logit_bias: /);
    }
  });

  it.each([
    ["chat", "ollama_chat/tiny", "/api/chat"],
    ["a plain prompt", "ollama/tiny", "/api/generate"],
  ])("I6: a prompt that is too long for %s is said to be, on every version", async (_, model, path) => {
    for (const version of ["0.24.0", "0.33.0"] as const) {
      const { client, emulator } = await startProxy({ version });
      emulator.enqueue({ path, recording: "chat-overflow-truncate-false" });
      await expect(client.chat.completions.create({ model, messages: [hi] })).rejects.toMatchObject({
        status: 400,
        code: "context_length_exceeded",
        type: "invalid_request_error",
        param: "messages",
      });
      expect((await emulator.nextRequest(path)).body).toMatchObject({ truncate: false });
    }
  });
});
