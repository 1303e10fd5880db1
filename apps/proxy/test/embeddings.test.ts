import { describe, expect, it } from "vitest";
import { startProxy } from "./start-proxy.ts";

const vectors = [
  [0.1, -0.25, 1e-7],
  [1, 0, -1],
  [0.3333333, 2, 3],
];
const embedded = {
  path: "/api/embed",
  headers: { "content-type": "application/json" },
  chunks: [JSON.stringify({ model: "embedder", embeddings: vectors, prompt_eval_count: 6 })],
};

describe("openai-node's embeddings", () => {
  it("J1: the default, which is base64, has the numbers of float, in order", async () => {
    const { client, url, emulator } = await startProxy();
    emulator.enqueue({ ...embedded, times: 3 });
    const request = { model: "embedder", input: ["a", "b", "c"] };
    const usual = await client.embeddings.create(request);
    const float = await client.embeddings.create({ ...request, encoding_format: "float" });
    expect(usual).toEqual(float);
    expect(usual).toMatchObject({ object: "list", model: "embedder", usage: { prompt_tokens: 6, total_tokens: 6 } });
    for (const [index, { embedding, ...rest }] of usual.data.entries()) {
      expect(rest).toEqual({ object: "embedding", index });
      expect(embedding).toEqual(Array.from(Float32Array.from(vectors[index] ?? [])));
    }
    const asked = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) };
    expect(await (await fetch(`${url}/embeddings`, asked)).json()).toEqual(float);
  });

  it("J1: a real vector keeps its length", async () => {
    const { client } = await startProxy();
    const { data } = await client.embeddings.create({ model: "ollama/embedder", input: "hello" });
    expect(data[0]?.embedding).toHaveLength(512);
    const shorter = await client.embeddings.create({ model: "embedder", input: "hello", dimensions: 8 });
    expect(shorter.data[0]?.embedding).toEqual(data[0]?.embedding.slice(0, 8));
  });

  it.each<[string, object, object]>([
    ["J2: more dimensions than there are", { dimensions: 9999 }, { status: 400, param: "dimensions" }],
    ["J5: tokens", { input: [1, 2] }, { status: 400, param: "input", message: expect.stringMatching(/send the text/) }],
    ["J4: an unknown model", { model: "nope" }, { status: 404, code: "model_not_found" }],
    ["a model that chats", { model: "plain" }, { status: 400, param: "model", code: "unsupported" }],
  ])("%s: an error that says so, and is nobody's log line", async (_, fields, error) => {
    const { client, log } = await startProxy();
    const refused = client.embeddings.create({ model: "embedder", input: "a", ...fields });
    await expect(refused).rejects.toMatchObject(error);
    expect(log).toEqual([]);
  });

  it("a failure upstream is logged once, with what the upstream said; the client does not see that", async () => {
    const { client, emulator, log } = await startProxy();
    emulator.enqueue({ path: "/api/embed", status: 500, chunks: ['{"error":"a secret of the host"}'] });
    const failed = client.embeddings.create({ model: "embedder", input: "a" });
    await expect(failed).rejects.toMatchObject({ status: 502, message: expect.not.stringContaining("secret") });
    expect(log.map((entry) => JSON.parse(entry))).toMatchObject([
      { msg: "call failed", provider: "ollama_chat", modelId: "embedder", upstreamMessage: "a secret of the host" },
    ]);
  });
});
