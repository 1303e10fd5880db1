import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Reply, SeenRequest } from "@llamaduct/ollama-emulator";
import { APIUserAbortError } from "openai";
import { expect, it, onTestFinished } from "vitest";
import { line } from "./ndjson.ts";
import { head } from "./raw-exchange.ts";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const LIMIT_MS = 100;
const hi = { role: "user", content: "hi" } as const;

const whileWaiting: Reply = { fault: { silenceBeforeHeaders: true } };
const beforeTheFirstToken: Reply = { fault: { silenceAfterChunks: 0 } };
const midStream: Reply = { chunks: [line({ content: "a" })], fault: { silenceAfterChunks: 1 } };

it.each([
  ["M1: a whole answer that has not begun", whileWaiting, false],
  ["M1: a whole answer that is under way", midStream, false],
  ["M1: a stream without headers", whileWaiting, true],
  ["M1: a stream before its first token", beforeTheFirstToken, true],
])("%s ends upstream when the client leaves", async (_, reply, stream) => {
  const proxy = await startProxy();
  proxy.emulator.enqueue(reply);
  const socket = await send(proxy, chat(stream));
  const seen = await proxy.emulator.nextRequest("/api/chat");
  expect(await abortedAfter(seen, () => socket.destroy())).toBeLessThan(LIMIT_MS);
  expect(proxy.log).toEqual([]);
});

it("M2: a stream that is being read ends upstream when the client leaves", async () => {
  const proxy = await startProxy();
  proxy.emulator.enqueue(midStream);
  const socket = await send(proxy, chat(true));
  const seen = await proxy.emulator.nextRequest("/api/chat");
  await textOf(socket, '"a"');
  expect(await abortedAfter(seen, () => socket.destroy())).toBeLessThan(LIMIT_MS);
  expect(proxy.log).toEqual([]);
});

it("M2: several choices end upstream together when the client leaves", async () => {
  const proxy = await startProxy();
  proxy.emulator.enqueue({ ...midStream, times: 2 });
  const socket = await send(proxy, post("/v1/chat/completions", { messages: [hi], stream: true, n: 2 }));
  const [first, second] = [
    await proxy.emulator.nextRequest("/api/chat"),
    await proxy.emulator.nextRequest("/api/chat"),
  ];
  await textOf(socket, '"a"');
  const [a, b] = await Promise.all([abortedAfter(first, () => socket.destroy()), abortedAfter(second, () => {})]);
  expect(Math.max(a, b)).toBeLessThan(LIMIT_MS);
  expect(proxy.log).toEqual([]);
});

it("M2: so do the others of a whole answer when one breaks off", async () => {
  const { client, emulator } = await startProxy();
  emulator.enqueue(midStream);
  emulator.enqueue({ chunks: [line({ content: "a" })] });
  const broken = client.chat.completions.create({ model: "plain", messages: [hi], n: 2 });
  await expect(broken).rejects.toMatchObject({ status: 502, code: "upstream_stream_interrupted" });
  expect((await Promise.all(emulator.requests.map(({ ended }) => ended))).sort()).toEqual(["aborted", "complete"]);
});

it.each([
  ["/v1/completions", "/api/generate", { prompt: "hi" }],
  ["/v1/completions", "/api/generate", { prompt: "hi", stream: true }],
  ["/v1/embeddings", "/api/embed", { model: "embedder", input: "hi" }],
])("M2: %s ends upstream when the client leaves", async (route, path, body) => {
  const proxy = await startProxy();
  proxy.emulator.enqueue({ ...whileWaiting, path });
  const socket = await send(proxy, post(route, body));
  const seen = await proxy.emulator.nextRequest(path);
  expect(await abortedAfter(seen, () => socket.destroy())).toBeLessThan(LIMIT_MS);
  expect(proxy.log).toEqual([]);
});

it("M4: the SDK's abort stops the upstream, and no other deployment is tried", async () => {
  const deployment = { name: "m", model: "ollama_chat/plain" };
  const { client, emulator } = await startProxy({ deployments: [deployment, deployment] });
  emulator.enqueue(whileWaiting);
  const stop = new AbortController();
  const answer = client.chat.completions.create({ model: "m", messages: [hi] }, { signal: stop.signal });
  const refused = expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  const seen = await emulator.nextRequest("/api/chat");
  expect(await abortedAfter(seen, () => stop.abort())).toBeLessThan(LIMIT_MS);
  await refused;
  expect(emulator.requests).toHaveLength(1);
});

it("M1: pipelined requests end with their connection", async () => {
  const proxy = await startProxy();
  proxy.emulator.enqueue({ ...whileWaiting, times: 2 });
  const socket = await send(proxy, chat(true) + chat(false));
  const [first, second] = [await proxy.emulator.nextRequest(), await proxy.emulator.nextRequest()];
  const [a, b] = await Promise.all([abortedAfter(first, () => socket.destroy()), abortedAfter(second, () => {})]);
  expect(a).toBeLessThan(LIMIT_MS);
  expect(b).toBeLessThan(LIMIT_MS);
});

it("a listing ends upstream when the client leaves", async () => {
  const proxy = await startProxy();
  proxy.emulator.enqueue({ path: "/api/tags", fault: { silenceBeforeHeaders: true }, times: 2 });
  const socket = await send(proxy, head("GET /v1/models HTTP/1.1"));
  const seen = await proxy.emulator.nextRequest("/api/tags");
  expect(await abortedAfter(seen, () => socket.destroy())).toBeLessThan(LIMIT_MS);
});

it("a client that leaves in the middle of its request is nobody's error", async () => {
  const proxy = await startProxy();
  const body = head("POST /v1/chat/completions HTTP/1.1", {
    "content-type": "application/json",
    "content-length": "9",
  });
  const closed = once(proxy.app.server, "connection").then(([socket]) => once(socket, "close"));
  const socket = await send(proxy, `${body}{`);
  await once(proxy.app.server, "request");
  socket.destroy();
  await closed;
  expect(await (await fetch(`${proxy.url}/health/liveness`)).text()).toBe("I'm alive!");
  expect(proxy.log).toEqual([]);
});

it("an answer that is read to its end aborts nothing", async () => {
  const { client, emulator } = await startProxy();
  for (const stream of [true, false]) {
    const answer = await client.chat.completions.create({ model: "plain", messages: [hi], stream });
    if (Symbol.asyncIterator in answer) for await (const _ of answer);
    expect(await (await emulator.nextRequest("/api/chat")).ended).toBe("complete");
  }
});

function chat(stream: boolean): string {
  return post("/v1/chat/completions", { messages: [hi], stream });
}

function post(route: string, fields: object): string {
  const body = JSON.stringify({ model: "plain", ...fields });
  const headers = {
    "content-type": "application/json",
    "content-length": String(body.length),
    connection: "keep-alive",
  };
  return head(`POST ${route} HTTP/1.1`, headers) + body;
}

async function send({ port }: TestProxy, request: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(request);
  return socket;
}

async function textOf(socket: Socket, wanted: string): Promise<void> {
  let text = "";
  for await (const [data] of onData(socket)) {
    text += data;
    if (text.includes(wanted)) return;
  }
}

async function* onData(socket: Socket): AsyncGenerator<readonly [Buffer]> {
  for (;;) yield (await once(socket, "data")) as [Buffer];
}

/** Milliseconds from `leave` to the moment at which the upstream sees the connection close. */
async function abortedAfter(seen: SeenRequest, leave: () => void): Promise<number> {
  const leftAt = performance.now();
  leave();
  expect(await seen.ended).toBe("aborted");
  return (seen.endedAt ?? Number.NaN) - leftAt;
}
