import type { EmbeddingRequest, ModelFacts } from "@llamaduct/core";
import type { Transport } from "@llamaduct/http";
import {
  type OllamaVersion,
  type Recording,
  recordings,
  replayedAnswer,
  startEmulator,
} from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import { createEmbeddingModel } from "./embedding-model.ts";
import { createOllamaHost, type OllamaHostOptions } from "./ollama-host.ts";

const model = (
  options: OllamaHostOptions,
  { facts, modelId = "embedder" }: { facts?: ModelFacts; modelId?: string } = {},
) => createEmbeddingModel({ host: createOllamaHost(options), provider: "ollama", modelId, facts });

const known: ModelFacts = { capabilities: { embeddings: "native" } };

interface Sent {
  readonly input: readonly string[];
}

/** A server whose vectors name the input they are of: `[number of the text, 0.5]`. */
function counting(answer: (sent: Sent) => unknown = vectorsOf) {
  const sent: Sent[] = [];
  const transport: Transport = async ({ body = "" }) => {
    const request: Sent = JSON.parse(body);
    sent.push(request);
    const text = JSON.stringify(answer(request));
    return {
      status: 200,
      headers: {},
      body: (async function* () {
        yield new TextEncoder().encode(text);
      })(),
    };
  };
  return { sent, embed: (request: EmbeddingRequest) => model({ transport }, { facts: known }).embed(request) };
}

function vectorsOf({ input }: Sent): object {
  return { embeddings: input.map((text) => [Number(text), 0.5]), prompt_eval_count: input.length };
}

describe("what is sent", () => {
  it("J3: a list, however short, and nothing that nobody asked for but no cut", async () => {
    const { sent, embed } = counting();
    await embed({ input: ["1"] });
    expect(sent).toMatchInlineSnapshot(`
      [
        {
          "input": [
            "1",
          ],
          "model": "embedder",
          "truncate": false,
        },
      ]
    `);
  });

  it("J2: dimensions; options and keep_alive through the same table as a chat's", async () => {
    const { sent, embed } = counting();
    const extra = { keep_alive: "-1", num_ctx: "512", truncate: true, think: true };
    const { warnings } = await embed({ input: ["1"], dimensions: 2, extra });
    expect(sent).toMatchInlineSnapshot(`
      [
        {
          "dimensions": 2,
          "input": [
            "1",
          ],
          "keep_alive": -1,
          "model": "embedder",
          "options": {
            "num_ctx": 512,
          },
          "truncate": true,
        },
      ]
    `);
    expect(warnings.map(({ setting }) => setting)).toEqual(["extra.think"]);
  });

  it("J3: 3000 inputs in twelve requests, in order, usage summed", async () => {
    const { sent, embed } = counting();
    const { vectors, usage } = await embed({ input: Array.from({ length: 3000 }, (_, index) => `${index}`) });
    expect(sent.length).toBe(12);
    expect(Math.max(...sent.map(({ input }) => input.length))).toBe(256);
    expect(vectors.map(([number]) => number)).toEqual(Array.from({ length: 3000 }, (_, index) => index));
    expect(vectors[0]).toBeInstanceOf(Float32Array);
    expect(usage).toEqual({ inputTokens: 3000, outputTokens: 0 });
  });
});

describe("J2: dimensions that the model does not have", () => {
  it.each([1, 3])("%i of 2 is the caller's mistake", async (dimensions) => {
    await expect(counting().embed({ input: ["1"], dimensions })).rejects.toMatchObject({
      code: "invalid_value",
      setting: "dimensions",
    });
  });
});

describe("answers that are none", () => {
  it.each([
    ["fewer vectors", { embeddings: [] }],
    ["text for numbers", { embeddings: [["1"]] }],
    ["null for numbers", { embeddings: [[null]] }],
    ["no vectors", { embedding: [1] }],
    ["no list", { embeddings: [1] }],
  ])("%s", async (_, answer) => {
    await expect(counting(() => answer).embed({ input: ["1"] })).rejects.toMatchObject({
      code: "upstream_protocol_error",
    });
  });

  it("counts nothing when one answer does not", async () => {
    const { embed } = counting(({ input }) => ({ ...vectorsOf({ input }), prompt_eval_count: undefined }));
    expect((await embed({ input: ["1"] })).usage.inputTokens).toBeUndefined();
  });
});

it("refuses no input before anything is sent", async () => {
  const { sent, embed } = counting();
  await expect(embed({ input: [] })).rejects.toMatchObject({ code: "invalid_value", setting: "input" });
  expect(sent).toEqual([]);
});

describe.each(["0.24.0", "0.33.0"] as const)("Ollama %s", (version) => {
  it("J5: a model that cannot embed is a clear 400, though old servers would", async () => {
    await using emulator = await startEmulator({ version });
    await expect(model({ baseURL: emulator.url }, { modelId: "plain" }).embed({ input: ["a"] })).rejects.toMatchObject({
      code: "unsupported",
      setting: "model",
      message: "This model does not make embeddings.",
    });
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/show"]);
  });

  it("K1: is asked what the model can once; facts spare even that", async () => {
    await using emulator = await startEmulator({ version });
    const embedder = model({ baseURL: emulator.url });
    await embedder.embed({ input: ["a"] });
    await embedder.embed({ input: ["a", "b"] });
    await model({ baseURL: emulator.url }, { facts: known }).embed({ input: ["a"] });
    expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/show", "/api/embed", "/api/embed", "/api/embed"]);
  });

  it("J4: carries the key, and its errors mean what a chat's mean", async () => {
    await using emulator = await startEmulator({ version });
    const missing = model({ baseURL: emulator.url, apiKey: "k" }, { modelId: "nope" });
    await expect(missing.embed({ input: ["a"] })).rejects.toMatchObject({ code: "model_not_found" });
    for (const { headers } of emulator.requests) expect(headers["authorization"]).toBe("Bearer k");
  });

  const played = recordings(version).filter(({ name }) => name.startsWith("embed-"));

  it.each(played.map((recording) => [recording.name, recording] as const))("%s", async (name, recording) => {
    expect(await outcome(recording)).toBe(expected(name, version));
  });
});

/** What must come of each recorded exchange: one line for both versions, or [0.24.0, 0.33.0]. */
const EXPECTED: Readonly<Record<string, string | readonly [string, string]>> = {
  "embed-dimensions": "8 numbers, 2 tokens",
  "embed-empty": "! upstream_protocol_error",
  "embed-many": "512, 512 numbers, 4 tokens",
  "embed-missing-model": "! model_not_found",
  "embed-no-input": "! upstream_protocol_error",
  "embed-not-an-embedder": ["512 numbers, 2 tokens", "! unsupported model"],
  "embed-one": "512 numbers, 6 tokens",
  "embed-too-long": "! context_length_exceeded input",
};

function expected(name: string, version: OllamaVersion): string | undefined {
  const line = EXPECTED[name];
  return typeof line === "string" ? line : line?.[version === "0.24.0" ? 0 : 1];
}

/** Of a call that gets this recording, with as many inputs as were recorded (at least one). */
async function outcome(recording: Recording): Promise<string> {
  // A recorded body of the emulator: `{ model, input?, dimensions? }`.
  const { input = "", dimensions } = recording.request.body as { input?: string | string[]; dimensions?: number };
  const embedder = model({ transport: async () => replayedAnswer(recording) }, { facts: known });
  try {
    const { vectors, usage } = await embedder.embed({ input: [input].flat(), dimensions });
    for (const vector of vectors) expect(vector).toBeInstanceOf(Float32Array);
    return `${vectors.map(({ length }) => length).join(", ")} numbers, ${usage.inputTokens} tokens`;
  } catch (error) {
    const { code, setting } = Object(error);
    return ["!", code, setting].filter(Boolean).join(" ");
  }
}
