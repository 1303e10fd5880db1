import type { Batch, Capabilities, StreamModel } from "@llamaduct/core";
import { describe, expect, it } from "vitest";
import { startHosts } from "../test/start-hosts.ts";
import { type Attempt, createLlamaduct } from "./index.ts";

const messages = [{ role: "user", content: "hi" }] as const;
const sentence = "The quick brown llama jumps over the lazy alpaca.";
const broken = { status: 500, chunks: ['{"error":"boom"}'], times: 99 };
const tiers = [{ order: 1 }, { order: 2 }];

describe("an attempt", () => {
  it("is told as it begins, with who is asked, and comes back with the answer", async () => {
    const deployments = tiers.map((routing, index) => ({ name: "m", id: `host-${index}`, routing }));
    const { engine, emulators } = await startHosts({ deployments });
    emulators[0]?.enqueue(broken);
    const attempts: Attempt[] = [];
    const answer = await engine.chat({ model: "m", messages }, { onAttempt: (attempt) => attempts.push(attempt) });
    const common = { group: "m", requestedGroup: "m", model: "ollama_chat/plain", fallbacks: 0 };
    expect(attempts).toEqual([
      { ...common, deploymentId: "host-0", apiBase: emulators[0]?.url, attempts: 1 },
      { ...common, deploymentId: "host-1", apiBase: emulators[1]?.url, attempts: 2 },
    ]);
    expect(answer.attempt).toEqual(attempts[1]);
  });

  it("says how many groups it left, and no credentials", async () => {
    const { engine, emulators } = await startHosts({
      deployments: [{ name: "small" }, { name: "large" }],
      routing: { fallbacks: { small: ["large"] } },
    });
    emulators[0]?.enqueue(broken);
    const { attempt } = await engine.chat({ model: "small", messages });
    expect(attempt).toMatchObject({ group: "large", attempts: 2, fallbacks: 1 });
    const secret = createLlamaduct({
      deployments: [
        { name: "m", model: "ollama_chat/m", settings: { baseURL: "http://me:secret@127.0.0.1:1/path?key=secret" } },
      ],
      routing: { status: { intervalMs: 0 } },
    });
    const attempts: Attempt[] = [];
    await secret.chat({ model: "m", messages }, { onAttempt: (attempt) => attempts.push(attempt) }).catch(() => {});
    expect(attempts[0]?.apiBase).toBe("http://127.0.0.1:1/path");
    expect(secret.states()[0]?.apiBase).toBe("http://127.0.0.1:1/path");
  });
});

describe("ids of deployments", () => {
  const ids = (...deployments: readonly object[]) =>
    createLlamaduct({
      deployments: deployments.map((deployment) => ({ name: "m", model: "ollama_chat/m", ...deployment })),
      routing: { status: { intervalMs: 0 } },
    })
      .states()
      .map(({ id }) => id);

  it("are the same for the same deployment, others for others, and never twice", () => {
    const [first] = ids({ defaults: { a: 1, b: 2 } });
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(ids({ defaults: { b: 2, a: 1 } })).toEqual([first]);
    expect(ids({ defaults: { a: 1 } })).not.toEqual([first]);
    expect(new Set(ids({}, {}, {})).size).toBe(3);
  });

  it("can be asked for", async () => {
    const { engine, asked } = await startHosts({ deployments: [{ name: "m" }, { name: "m" }] });
    const id = engine.states()[1]?.id ?? "";
    await engine.chat({ model: id, messages });
    expect([asked(0).length, asked(1).length]).toEqual([0, 1]);
  });
});

describe("names", () => {
  it("aliases and routing groups are callable, and listed unless they are hidden", async () => {
    const { engine } = await startHosts({
      deployments: [{ name: "a" }, { name: "b" }],
      aliases: { old: { model: "a" }, secret: { model: "a", hidden: true } },
      routing: { routingGroups: [{ name: "any", models: ["a", "b"], strategy: "least-busy" }] },
    });
    const { data } = await engine.listModels();
    expect(data.map(({ id }) => id)).toEqual(["a", "b", "old", "any"]);
    for (const [model, group] of [
      ["old", "a"],
      ["secret", "a"],
      ["any", "any"],
    ] as const)
      expect((await engine.chat({ model, messages })).attempt).toMatchObject({ group });
  });

  it("are listed anew when a host has said something new, and as they were until then", async () => {
    const { engine, emulators } = await startHosts({
      deployments: [{ name: "*", model: "ollama_chat/*" }, { name: "fixed" }],
      routing: { status: { intervalMs: 1000 } },
    });
    await expect.poll(() => engine.states().every(({ seenAt }) => seenAt !== undefined)).toBe(true);
    const first = await engine.listModels();
    expect(await engine.listModels()).toBe(first);
    const models = [{ name: "new:1b", model: "new:1b", size: 1 }];
    emulators[0]?.enqueue({ path: "/api/tags", chunks: [JSON.stringify({ models })], times: Number.POSITIVE_INFINITY });
    const ids = async () => (await engine.listModels()).data.map(({ id }) => id);
    await expect.poll(ids, { timeout: 5000 }).toEqual(["new:1b", "fixed"]);
  });

  it("K8: are merged over hosts from memory, also of one that is away", async () => {
    const { engine, emulators } = await startHosts({
      deployments: [
        { name: "*", model: "ollama_chat/*" },
        { name: "*", model: "ollama_chat/*" },
      ],
      routing: { status: { intervalMs: 60_000 } },
    });
    await expect.poll(() => engine.states().every(({ seenAt }) => seenAt !== undefined)).toBe(true);
    const asked = emulators.map(({ requests }) => requests.length);
    await emulators[1]?.close();
    const { data } = await engine.listModels();
    expect(data.filter(({ id }) => id === "plain:latest")).toHaveLength(1);
    expect(emulators.map(({ requests }) => requests.length)).toEqual(asked);
  });
});

describe("what a body says of its routing", () => {
  const extras = {
    timeout: 60,
    stream_timeout: 30,
    num_retries: 1,
    tags: ["a"],
    fallbacks: ["m"],
    disable_fallbacks: false,
    cache: { "no-cache": true },
    priority: 1,
    guardrails: ["x"],
    litellm_metadata: { x: 1 },
    mock_testing_fallbacks: false,
    mock_timeout: null,
  };

  it("reaches no upstream; what has no effect is told", async () => {
    const { engine, asked } = await startHosts({ deployments: [{ name: "m" }] });
    const { warnings } = await engine.chat({ model: "m", messages, ...extras });
    expect(JSON.stringify(asked(0))).not.toMatch(/timeout|retries|tags|fallbacks|cache|priority|guardrails|metadata/);
    expect(warnings.map(({ setting }) => setting)).toEqual(["cache", "guardrails", "priority"]);
  });

  it.each<[object, string]>([
    [{ timeout: "soon" }, "timeout"],
    [{ timeout: 0 }, "timeout"],
    [{ stream_timeout: -1 }, "stream_timeout"],
    [{ num_retries: 1.5 }, "num_retries"],
    [{ num_retries: 1000 }, "num_retries"],
    [{ tags: "a" }, "tags"],
    [{ metadata: { tags: [1] } }, "metadata.tags"],
    [{ metadata: { session_id: 1 } }, "metadata.session_id"],
    [{ fallbacks: "m" }, "fallbacks"],
    [{ fallbacks: ["m", 1] }, "fallbacks.1"],
    [{ models: [1] }, "models"],
    [{ disable_fallbacks: "yes" }, "disable_fallbacks"],
    [{ mock_response: 1 }, "mock_response"],
    [{ mock_testing_fallbacks: "yes" }, "mock_testing_fallbacks"],
  ])("that is wrong is a 400 naming the field: %j", async (extra, setting) => {
    const { engine, asked } = await startHosts({ deployments: [{ name: "m" }] });
    await expect(engine.chat({ model: "m", messages, ...extra })).rejects.toMatchObject({
      code: "invalid_value",
      setting,
    });
    expect(asked(0)).toEqual([]);
  });

  it("limits the answer; what the call says beside it wins", async () => {
    const { engine, emulators } = await startHosts({ deployments: [{ name: "m", timeoutMs: 60_000 }] });
    emulators[0]?.enqueue({ fault: { silenceBeforeHeaders: true }, times: 4 });
    const slow = { model: "m", messages };
    await expect(engine.chat({ ...slow, timeout: 0.03 })).rejects.toMatchObject({ code: "upstream_total_timeout" });
    await expect(engine.chat({ ...slow, timeout: 60 }, { timeoutMs: 30 })).rejects.toMatchObject({
      message: expect.stringContaining("30 ms"),
    });
    await expect(engine.chat({ ...slow, stream: true, stream_timeout: 0.03 })).rejects.toMatchObject({
      code: "upstream_first_byte_timeout",
    });
    // Not streamed: the limit for a stream's beginning is not its own.
    await expect(engine.chat({ ...slow, stream_timeout: 0.01, timeout: 0.03 })).rejects.toMatchObject({
      code: "upstream_total_timeout",
    });
  });

  it.each([
    ["in tags", { tags: ["paid"] }, {}],
    ["in metadata", { metadata: { tags: ["paid"] } }, {}],
    ["beside it, which wins", { tags: ["free"] }, { tags: ["paid"] }],
  ])("chooses by tags: %s", async (_, body, call) => {
    const { engine, asked } = await startHosts({
      deployments: [
        { name: "m", routing: { tags: ["free"] } },
        { name: "m", routing: { tags: ["paid"] } },
      ],
      routing: { tags: { enabled: true } },
    });
    for (let index = 0; index < 4; index++) await engine.chat({ model: "m", messages, ...body }, call);
    expect([asked(0).length, asked(1).length]).toEqual([0, 4]);
  });

  it.each([
    ["metadata", { metadata: { session_id: "s" } }, {}],
    ["the call", {}, { session: "s" }],
  ])("O2: keeps a session of %s where it is", async (_, body, call) => {
    const deployments = Array.from({ length: 4 }, () => ({ name: "m" }));
    const { engine, asked } = await startHosts({ deployments });
    for (let index = 0; index < 6; index++) await engine.chat({ model: "m", messages, ...body }, call);
    expect(deployments.map((_, index) => asked(index).length).sort()).toEqual([0, 0, 0, 6]);
  });

  it("brings fallbacks, in place of the configured ones, that change the request", async () => {
    const { engine, emulators, asked } = await startHosts({
      deployments: [{ name: "a" }, { name: "b" }, { name: "c" }],
      routing: { fallbacks: { a: ["b"] } },
    });
    emulators[0]?.enqueue(broken);
    const other = [{ role: "user", content: "other" }];
    const request = { model: "a", messages, fallbacks: [{ model: "c", messages: other, temperature: 0.5 }] };
    await engine.chat(request);
    expect([asked(0).length, asked(1).length]).toEqual([1, 0]);
    expect(asked(2)).toMatchObject([{ messages: other, options: { temperature: 0.5 } }]);
    await engine.chat({ model: "a", messages, models: ["a", "c"] });
    expect(asked(2)).toHaveLength(2);
  });

  it("N5: switches fallbacks off", async () => {
    const { engine, emulators, asked } = await startHosts({
      deployments: [{ name: "a" }, { name: "b" }],
      routing: { fallbacks: { a: ["b"] } },
    });
    emulators[0]?.enqueue(broken);
    await expect(engine.chat({ model: "a", messages, disable_fallbacks: true })).rejects.toMatchObject({
      code: "upstream_error",
    });
    expect(asked(1)).toEqual([]);
  });

  it("mocks an answer, or a failure to try fallbacks with; nobody is asked", async () => {
    const { engine, asked } = await startHosts({
      deployments: [{ name: "a" }, { name: "b" }, { name: "fixed", mockResponse: "fixed" }],
      routing: { fallbacks: { a: ["b"] } },
    });
    const text = async (body: object) => {
      const { body: answer } = await engine.chat({ messages, ...body });
      return "choices" in answer ? answer.choices[0]?.message.content : undefined;
    };
    expect(await text({ model: "a", mock_response: "hello" })).toBe("hello");
    expect(await text({ model: "fixed" })).toBe("fixed");
    expect([asked(0), asked(1), asked(2)]).toEqual([[], [], []]);
    expect(await text({ model: "a", mock_testing_fallbacks: true })).toBe(sentence);
    expect([asked(0).length, asked(1).length]).toEqual([0, 1]);
    await expect(engine.embed({ model: "fixed", input: "x" })).rejects.toMatchObject({ code: "unsupported" });
    const { body: completion } = await engine.text({ model: "fixed", prompt: "x" });
    expect(completion).toMatchObject({ choices: [{ text: "fixed" }] });
  });
});

describe("a deployment", () => {
  it("N5: of another name answers a text completion and an embedding, too", async () => {
    const routing = { fallbacks: { a: ["b"] } };
    const deployments = ["a", "b"].map((name) => ({ name, model: "ollama/embedder" }));
    const { engine, emulators, asked } = await startHosts({ deployments, routing });
    emulators[0]?.enqueue({ ...broken, path: "/api/embed" });
    emulators[0]?.enqueue({ ...broken, path: "/api/generate" });
    await engine.embed({ model: "a", input: ["x", "y"] });
    expect(asked(1)).toHaveLength(1);
    await engine.text({ model: "a", prompt: "x" }).catch(() => {});
    expect(asked(1).length).toBeGreaterThan(1);
  });

  it("copies requests to its silent model, whose answer and failure nobody sees", async () => {
    const { engine, emulators, asked } = await startHosts({
      deployments: [{ name: "a", silentModel: "b" }, { name: "b" }],
    });
    const stream = await engine.completion({
      model: "a",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const _ of stream);
    await expect.poll(() => asked(1).length).toBe(1);
    expect(asked(1)).toMatchObject([{ messages }]);
    emulators[1]?.enqueue(broken);
    await engine.chat({ model: "a", messages });
    await expect.poll(() => asked(1).length).toBe(2);
    await engine.chat({ model: "a", messages, mock_response: "x" });
  });

  it("copies a request once, however many attempts it takes", async () => {
    const { engine, emulators, asked } = await startHosts({
      deployments: [
        { name: "a", silentModel: "b", routing: { order: 1 } },
        { name: "a", silentModel: "b", routing: { order: 2 } },
        { name: "b" },
      ],
    });
    emulators[0]?.enqueue(broken);
    await engine.chat({ model: "a", messages });
    await engine.chat({ model: "b", messages, seed: 1 });
    await expect.poll(() => asked(2).length).toBe(2);
    expect(asked(1)).toHaveLength(1);
  });

  it("leaves out the fields that it drops", async () => {
    const deployments = [{ name: "m", dropParams: ["seed", "temperature"], defaults: { seed: 1 } }];
    const { engine, asked } = await startHosts({ deployments });
    const request = { model: "m", messages, temperature: 1, top_p: 0.5, additional_drop_params: ["min_p"], min_p: 0.1 };
    const { warnings } = await engine.chat(request);
    expect(asked(0)).toMatchObject([{ options: { top_p: 0.5 } }]);
    expect(asked(0)[0]?.["options"]).toEqual({ top_p: 0.5 });
    expect(warnings.map(({ setting }) => setting).sort()).toEqual(["min_p", "seed", "temperature"]);
  });

  it("K5: takes its own address for what it is, and no other", async () => {
    const { engine, emulators, asked } = await startHosts({ deployments: [{ name: "m" }] });
    const { warnings } = await engine.chat({ model: "m", messages, api_base: `${emulators[0]?.url}/v1/` });
    expect(warnings).toEqual([{ setting: "api_base", message: "api_base is where this model is anyway." }]);
    expect(asked(0)).toHaveLength(1);
    const elsewhere = engine.chat({ model: "m", messages, api_base: "http://evil" });
    await expect(elsewhere).rejects.toMatchObject({ code: "invalid_value", setting: "api_base" });
  });

  it("K5: lets a request name another address where every deployment that may answer says so", async () => {
    const clientConnection = { apiBase: "http://127\\.0\\.0\\.1:\\d+" };
    const deployments = [{ name: "m", clientConnection }, { name: "strict", clientConnection }, { name: "strict" }];
    const { engine, emulators, asked } = await startHosts({ deployments });
    const api_base = emulators[2]?.url;
    await engine.chat({ model: "m", messages, api_base });
    expect([asked(0).length, asked(2).length]).toEqual([0, 1]);
    for (const refused of [
      { model: "m", api_base: "http://127.0.0.1:1.evil" },
      { model: "m", api_key: "k" },
      { model: "strict", api_base: emulators[0]?.url },
    ])
      await expect(engine.chat({ messages, ...refused })).rejects.toMatchObject({ code: "invalid_value" });
  });

  it("that lacks the model is passed over afterwards; its host answers for others", async () => {
    const deployments = [
      { name: "m", model: "ollama_chat/nope", routing: { order: 1 } },
      { name: "m", routing: { order: 2 } },
    ];
    const { engine, asked } = await startHosts({ deployments });
    for (let index = 0; index < 3; index++) await engine.chat({ model: "m", messages });
    expect([asked(0).length, asked(1).length]).toEqual([1, 3]);
    expect(engine.states().map(({ healthy }) => healthy)).toEqual([true, true]);
  });
});

describe("slots", () => {
  it("N6: bound the choices of one answer, and a list of prompts: one request in the queue, all answered", async () => {
    let [running, peak] = [0, 0];
    const model = <Request>(modelId: string): StreamModel<Request> => ({
      provider: "counting",
      modelId,
      capabilities: () => CAPABILITIES,
      async *stream(): AsyncGenerator<Batch> {
        peak = Math.max(peak, ++running);
        try {
          yield [{ type: "start", modelId, warnings: [] }];
          for (const text of ["a", "b", "c"]) yield [{ type: "text-delta", text }];
          yield [{ type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 3 } }];
        } finally {
          running--;
        }
      },
    });
    const create = () =>
      ({ specVersion: 1, id: "counting", settings: [], chatModel: model, textModel: model }) as const;
    const engine = createLlamaduct({
      providers: [{ specVersion: 1, id: "counting", create }],
      deployments: [{ name: "m", model: "counting/m", routing: { maxParallelRequests: 2 } }],
      routing: { queue: { length: 1 } },
    });
    const prompt = Array.from({ length: 2048 }, (_, index) => `say ${index}`);
    const { choices } = await engine.textCompletion({ model: "m", prompt });
    expect(choices.map(({ text }) => text)).toEqual(prompt.map(() => "abc"));
    const indexes: number[] = [];
    for await (const chunk of await engine.completion({ model: "m", messages, n: 5, stream: true }))
      for (const { index, finish_reason } of chunk.choices) if (finish_reason !== null) indexes.push(index);
    expect(indexes.sort()).toEqual([0, 1, 2, 3, 4]);
    expect([running, peak]).toEqual([0, 2]);
    expect(engine.states()).toMatchObject([{ inFlight: 0, queued: 0 }]);
  });

  it("M4: are free again when a client leaves a stream, and the next one goes on", async () => {
    const deployments = [{ name: "m", routing: { maxParallelRequests: 1 } }];
    const { engine, emulators } = await startHosts({ deployments });
    emulators[0]?.enqueue({ recording: "chat-plain-stream", fault: { silenceAfterChunks: 2 } });
    const first = await engine.completion({ model: "m", messages, stream: true });
    const second = engine.completion({ model: "m", messages });
    await expect.poll(() => engine.states()[0]).toMatchObject({ inFlight: 1, queued: 1 });
    for await (const _ of first) break;
    expect((await second).choices[0]?.message.content).toBe(sentence);
  });

  it("are held until the stream ends, and no longer", async () => {
    const deployments = [{ name: "m", routing: { maxParallelRequests: 1 } }];
    const { engine } = await startHosts({ deployments });
    const stream = await engine.completion({ model: "m", messages, stream: true });
    expect(engine.states()[0]?.inFlight).toBe(1);
    for await (const _ of stream);
    await expect.poll(() => engine.states()[0]?.inFlight).toBe(0);
  });
});

describe("watching", () => {
  it("O4, O5: asks what is there and what is loaded, and never runs a model", async () => {
    const { engine, emulators } = await startHosts({
      deployments: [{ name: "chat" }, { name: "vectors", model: "ollama/embedder" }],
      routing: { status: { intervalMs: 10 } },
    });
    await expect.poll(() => emulators.every(({ requests }) => requests.length > 6)).toBe(true);
    const paths = new Set(emulators.flatMap(({ requests }) => requests.map(({ path }) => path)));
    expect([...paths].sort()).toEqual(["/api/ps", "/api/tags"]);
    expect(engine.states()).toMatchObject([{ healthy: true }, { healthy: true }]);
    engine.close();
  });

  it("notices a dead host and one that is back, without a request", async () => {
    const { engine, emulators } = await startHosts({
      deployments: [{ name: "m" }, { name: "m" }],
      routing: { status: { intervalMs: 20 } },
    });
    await emulators[0]?.close();
    await expect.poll(() => engine.states().map(({ healthy }) => healthy)).toEqual([false, true]);
    expect(engine.states()[0]?.reason).toContain("Nothing is listening");
  });

  it("leaves alone who only calls a model", async () => {
    const { engine, emulators } = await startHosts({ deployments: [{ name: "m" }], routing: {} });
    const url = emulators[0]?.url;
    const simple = createLlamaduct({ settings: { ollama_chat: { baseURL: url }, ollama: { baseURL: url } } });
    await simple.chat({ model: "plain", messages });
    expect(emulators[0]?.requests.map(({ path }) => path)).toEqual(["/api/chat"]);
    engine.close();
  });
});

const CAPABILITIES: Capabilities = {
  tools: "native",
  jsonSchema: "native",
  reasoning: "native",
  images: "native",
  suffix: "native",
  embeddings: "native",
};
