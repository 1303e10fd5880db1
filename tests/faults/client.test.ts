import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { head, rawExchange } from "../../apps/proxy/test/raw-exchange.ts";
import { type Emulator, startEmulator } from "../../packages/ollama-emulator/src/index.ts";
import { MODES } from "./ask.ts";
import { CLIENT_ROWS, RAW_ROWS } from "./client-rows.ts";
import { eventually } from "./eventually.ts";
import { nothingLeft } from "./nothing-left.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./start-gateway.ts";
import { A } from "./upstream-answers.ts";

type Play = (gateway: Gateway, emulator: Emulator) => Promise<void>;
type Id = (typeof CLIENT_ROWS)[number]["id"];

const LIMITED = createHash("sha256").update("sk-limited").digest("hex");
const QUESTION = { model: "m", messages: [{ role: "user", content: "hi" }] };
const SENTENCE = "The quick brown llama jumps over the lazy alpaca.";
const silent = { fault: { silenceBeforeHeaders: true } } as const;
const begun = { chunks: [A], fault: { silenceAfterChunks: 1 } } as const;

afterAll(nothingLeft, 30_000);

describe("bytes", { timeout: 30_000 }, () => {
  it.each(RAW_ROWS)("$id: $fault", async ({ bytes, answer }) => {
    await using emulator = await startEmulator();
    await using gateway = await startGateway({ upstreams: [emulator.url], server: { maxRequestBytes: 1_000_000 } });
    const { status, body } = await rawExchange(gateway.port, bytes);
    const code = status >= 400 && body !== "" ? ` ${JSON.parse(body).error.code}` : "";
    expect(`${status}${code}`).toBe(answer);
    expect(emulator.requests.filter(({ path }) => path === "/api/chat")).toHaveLength(
      answer === "200" && Buffer.from(bytes).includes("POST") ? 1 : 0,
    );
    expect(Object.prototype).not.toHaveProperty("model");
    expect(await MODES.whole(gateway)).toMatchObject({ text: SENTENCE });
  });
});

const plays: Record<Id, Play> = {
  C1: (gateway, emulator) => leaves(gateway, emulator, { reply: silent, stream: true }),
  C2: (gateway, emulator) => leaves(gateway, emulator, { reply: begun, stream: true, after: '"a"' }),
  C4: (gateway, emulator) => leaves(gateway, emulator, { reply: begun, stream: false }),
  C5: (gateway, emulator) =>
    leaves(gateway, emulator, { reply: silent, stream: true, leave: (socket) => socket.end() }),
  async C3(gateway, emulator) {
    emulator.enqueue(silent);
    const first = await send(gateway.port, chat({ stream: true }));
    await emulator.nextRequest("/api/chat");
    const second = await send(gateway.port, chat({ stream: true }));
    await eventually(() => expect(gateway.engine.states()[0]?.queued).toBe(1));
    second.destroy();
    await eventually(() => expect(gateway.engine.states()[0]?.queued).toBe(0));
    first.destroy();
    await free(gateway);
    expect(emulator.requests).toHaveLength(1);
  },
  async C8(gateway) {
    gateway.app.server.headersTimeout = 100;
    const { status, body } = await rawExchange(gateway.port, "GET /v1/models HTT");
    expect(`${status} ${JSON.parse(body).error.code}`).toBe("408 request_timeout");
  },
  async C9(gateway, emulator) {
    gateway.app.server.headersTimeout = gateway.app.server.requestTimeout = 100;
    const { status, body } = await rawExchange(gateway.port, chat({}).slice(0, -10));
    expect(`${status} ${JSON.parse(body).error.code}`).toBe("408 request_timeout");
    expect(emulator.requests).toEqual([]);
  },
  async C10({ port }) {
    const stream = chat({ stream: true }, { connection: "keep-alive" });
    const { body } = await rawExchange(port, stream + chat({}, { connection: "keep-alive" }) + chat({ stream: true }));
    const [first, second, third, ...more] = `HTTP/1.1 ${body}`.split("HTTP/1.1 200 OK");
    expect(more).toEqual([]);
    expect([first, second, third].map((each) => each?.includes("[DONE]"))).toEqual([true, false, true]);
  },
  async C20({ port }, emulator) {
    for (const fields of [
      {},
      { authorization: "Bearer sk-wrong" },
      { "x-api-key": "sk-keys" },
      { authorization: "Basic" },
    ]) {
      const { status, body, headers } = await rawExchange(port, chat({}, fields));
      expect(`${status} ${JSON.parse(body).error.code}`).toBe("401 invalid_api_key");
      expect(headers["x-should-retry"]).toBe("false");
    }
    expect(emulator.requests).toEqual([]);
  },
  async C21({ port }, emulator) {
    const fields = { authorization: "Bearer sk-limited" };
    const answers = [];
    for (let index = 0; index < 3; index++) answers.push(await rawExchange(port, chat({}, fields)));
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 429]);
    expect(Number(answers[1]?.headers["retry-after"])).toBeGreaterThan(0);
    expect(JSON.parse(answers[1]?.body ?? "")).toMatchObject({ error: { code: "rate_limit_exceeded" } });
    expect(emulator.requests).toHaveLength(1);
  },
  async C22({ engine }, emulator) {
    emulator.enqueue({ status: 500, chunks: ['{"error":"boom"}'], times: Number.POSITIVE_INFINITY });
    const asked = Array.from({ length: 100 }, () => MODES.library({ engine, url: "" }, { num_retries: 2 }));
    for (const { error } of await Promise.all(asked))
      expect(error).toMatch(/^(502 upstream_error|503 no_healthy_upstream)$/);
    expect(emulator.requests.length).toBeLessThanOrEqual(120);
  },
  async C24(gateway) {
    const { raw } = await MODES.streamed(gateway, { stream_options: { include_usage: true } });
    const events = raw.trimEnd().split("\n\n");
    expect(events.at(-1)).toBe("data: [DONE]");
    expect(events.at(-2)).toMatch(/"choices":\[\],.*"usage":\{"prompt_tokens":\d+/);
  },
  async C25(gateway) {
    const socket = await send(gateway.port, chat({ stream: true }, { connection: "keep-alive" }));
    await textOf(socket, "0\r\n\r\n");
    socket.resetAndDestroy();
    await eventually(() => expect(gateway.records).toMatchObject([{ outcome: "finished", status: 200 }]));
  },
  async C26(gateway, emulator) {
    emulator.enqueue({ ...begun, times: 200 });
    for (let round = 0; round < 4; round++) {
      const sockets = await Promise.all(Array.from({ length: 50 }, () => send(gateway.port, chat({ stream: true }))));
      for (const socket of sockets) socket.destroy();
    }
    await eventually(() => expect(gateway.records.length).toBe(200));
    await free(gateway);
    await Promise.all(emulator.requests.map(({ ended }) => ended));
  },
};

/** What gateways of some rows are like. */
const settings: Partial<Record<Id, Partial<GatewayOptions>>> = {
  C20: { server: { masterKey: "sk-key" } },
  C21: { server: { masterKey: "sk-key", keys: [{ sha256: LIMITED, name: "limited", rpm: 1 }] } },
  C22: { slots: 1000 },
};

describe.concurrent("clients", { timeout: 30_000 }, () => {
  it.each(CLIENT_ROWS)("$id: $fault", async ({ id }) => {
    await using emulator = await startEmulator();
    await using gateway = await startGateway({ upstreams: [emulator.url], ...settings[id] });
    await plays[id](gateway, emulator);
    await free(gateway);
  });

  it.each([
    ["C1", silent],
    ["C2", begun],
  ])("%s: who has the library and aborts is thrown the reason, and the upstream is aborted", async (_, reply) => {
    await using emulator = await startEmulator();
    await using gateway = await startGateway({ upstreams: [emulator.url] });
    emulator.enqueue(reply);
    const stop = new AbortController();
    const reading = (async () => {
      const { signal } = stop;
      for await (const _ of await gateway.engine.completion({ ...QUESTION, stream: true } as never, { signal }));
    })();
    const seen = await emulator.nextRequest("/api/chat");
    const reason = new Error("enough");
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(await seen.ended).toBe("aborted");
    await free(gateway);
  });
});

interface Leaving {
  readonly reply: typeof silent | typeof begun;
  readonly stream: boolean;
  /** Once this has come. Default: once the upstream is asked. */
  readonly after?: string;
  readonly leave?: (socket: Socket) => void;
}

async function leaves(gateway: Gateway, emulator: Emulator, leaving: Leaving): Promise<void> {
  const { reply, stream, after, leave = (socket) => socket.destroy() } = leaving;
  emulator.enqueue(reply);
  const socket = await send(gateway.port, chat({ stream }));
  const seen = await emulator.nextRequest("/api/chat");
  if (after !== undefined) await textOf(socket, after);
  leave(socket);
  expect(await seen.ended).toBe("aborted");
  await eventually(() => expect(gateway.records).toMatchObject([{ outcome: "client_gone", status: 499 }]));
  await eventually(() => expect(emulator.connections).toBe(0));
  expect(gateway.log).toEqual([]);
  socket.destroy();
}

async function free({ engine }: Gateway): Promise<void> {
  await eventually(() => expect(engine.states()[0]).toMatchObject({ inFlight: 0, queued: 0 }));
}

function chat(extra: object, fields: Readonly<Record<string, string>> = {}): string {
  const body = JSON.stringify({ ...QUESTION, ...extra });
  const length = String(Buffer.byteLength(body));
  const all = { "content-type": "application/json", "content-length": length, ...fields };
  return `${head("POST /v1/chat/completions HTTP/1.1", all)}${body}`;
}

async function send(port: number, request: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }).on("error", () => {});
  await once(socket, "connect");
  socket.write(request);
  return socket;
}

async function textOf(socket: Socket, wanted: string): Promise<string> {
  let text = "";
  for await (const piece of socket.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += piece;
    if (text.includes(wanted)) return text;
  }
  throw new Error(`It ended before ${wanted}: ${text}`);
}
