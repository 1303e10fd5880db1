import { afterAll, describe, expect, it } from "vitest";
import {
  type ChatRequest,
  type Provider,
  type ProviderFactory,
  SPEC_VERSION,
  type Stream,
} from "../../packages/core/src/index.ts";
import { ADAPTER_PLAYS, ADAPTER_ROWS, type AdapterRow } from "./adapter-rows.ts";
import { MODES } from "./ask.ts";
import { eventually } from "./eventually.ts";
import { nothingLeft } from "./nothing-left.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./start-gateway.ts";

afterAll(nothingLeft, 30_000);

describe.concurrent.each(Object.entries(MODES))("%s", { timeout: 30_000 }, (mode, ask) => {
  it.each(ADAPTER_ROWS)("$id: $fault", async (row) => {
    const { text = "", ends, deadlines } = row;
    await using gateway = await startWith([toProvider(row), well], { deadlines, routing: { cooldowns: false } });
    const seen = await ask(gateway);
    const error = mode === "streamed" && text !== "" ? ends.replace(/^\d+/, "200") : ends;
    const isWhole = mode === "whole" && ends !== "well";
    expect(seen).toMatchObject({ text: isWhole ? "" : text, ...(ends === "well" ? { isComplete: true } : { error }) });
    expect(seen.raw + gateway.log.join()).not.toContain("secret");
    await eventually(() => expect(gateway.engine.states()[0]).toMatchObject({ inFlight: 0, queued: 0 }));
    // Other providers, and other requests, know nothing of it.
    expect(await ask(gateway, { model: "well" })).toMatchObject({ text: "well", isComplete: true });
  });
});

const plays: Record<(typeof ADAPTER_PLAYS)[number]["id"], () => Promise<void>> = {
  async P6() {
    const [asked, later] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const deaf = provider("deaf", async function* () {
      yield [START, { type: "text-delta", text: "a" }];
      asked.resolve();
      await later.promise;
      yield [{ type: "text-delta", text: "b" }];
    });
    await using gateway = await startWith([deaf]);
    const stop = new AbortController();
    const stream = await gateway.engine.completion({ ...QUESTION, stream: true } as never, { signal: stop.signal });
    let text = "";
    const reading = (async () => {
      for await (const chunk of stream as AsyncIterable<{ choices: { delta: { content?: string } }[] }>)
        text += chunk.choices[0]?.delta.content ?? "";
    })();
    await asked.promise;
    stop.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await eventually(() => expect(gateway.engine.states()[0]).toMatchObject({ inFlight: 0 }));
    later.resolve();
    await new Promise(setImmediate);
    expect(text).toBe("a");
  },
  async P10() {
    const seen: ChatRequest[] = [];
    const vandal = provider("vandal", (request) => {
      // As somebody without types could.
      const { messages, tools } = request as never as Vandalised;
      messages.length = 0;
      for (const tool of tools) tool.parameters["type"] = "string";
      throw new TypeError("done");
    });
    const witness = provider("witness", async function* (request) {
      seen.push(structuredClone(request));
      yield [START, { type: "text-delta", text: "well" }, FINISH];
    });
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object" } } }];
    await using gateway = await startWith([vandal, witness], { routing: { fallbacks: { vandal: ["witness"] } } });
    await MODES.library(gateway, { model: "witness", tools });
    const untouched = seen.pop();
    const body = { ...QUESTION, tools };
    await gateway.engine.chat({ ...body, model: "vandal" }).catch(() => {});
    await gateway.engine.chat({ ...body, model: "witness" });
    expect(seen).toEqual([untouched]);
    expect(body).toEqual({
      ...QUESTION,
      tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
    });
  },
};

describe.concurrent("plays", { timeout: 30_000 }, () => {
  it.each(ADAPTER_PLAYS)("$id: $fault", ({ id }) => plays[id]());
});

interface Vandalised {
  readonly messages: unknown[];
  readonly tools: readonly { readonly parameters: Record<string, unknown> }[];
}

const QUESTION = { model: "m", messages: [{ role: "user", content: "hi" }] } as const;
const START = { type: "start", modelId: "x", warnings: [] } as const;
const FINISH = { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } } as const;

const well = provider("well", async function* () {
  yield [START, { type: "text-delta", text: "well" }];
  yield [FINISH];
});

function toProvider({ stream, chatModel }: AdapterRow): ProviderFactory {
  const made = provider(
    "bad",
    stream ??
      (() =>
        well
          .create({}, () => undefined)
          .chatModel?.("x")
          .stream({ messages: [] }) as Stream),
  );
  if (chatModel === undefined) return made;
  return { ...made, create: (...given) => ({ ...made.create(...given), chatModel }) };
}

function provider(id: string, stream: (request: ChatRequest) => Stream): ProviderFactory {
  const capabilities = {
    tools: "native",
    jsonSchema: "native",
    reasoning: "native",
    images: "native",
    suffix: "none",
    embeddings: "none",
  } as const;
  const create = (): Provider => ({
    specVersion: SPEC_VERSION,
    id,
    settings: [],
    chatModel: (modelId) => ({ provider: id, modelId, capabilities: () => capabilities, stream }),
  });
  return { specVersion: SPEC_VERSION, id, create };
}

/** Each is a model of its own name, and the first one `m` as well. */
function startWith(providers: readonly ProviderFactory[], options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  const named = (name: string, id: string) => ({ name, model: `${id}/x`, routing: { maxParallelRequests: 1 } });
  const deployments = [named("m", providers[0]?.id ?? ""), ...providers.map(({ id }) => named(id, id))];
  return startGateway({ upstreams: [], providers, deployments, ...options });
}
