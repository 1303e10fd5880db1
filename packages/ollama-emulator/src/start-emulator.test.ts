import { execFile } from "node:child_process";
import { ServerResponse } from "node:http";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rawExchange } from "../test/raw-exchange.ts";
import { recording } from "./recordings.ts";
import type { Fault } from "./reply.ts";
import { type Emulator, startEmulator } from "./start-emulator.ts";

const plain = recording("0.33.0", "chat-plain-stream").chunks;
const chat = { model: "plain", messages: [{ role: "user", content: "hi" }], stream: true };
const request = { method: "POST", path: "/api/chat", body: JSON.stringify(chat) };

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

describe("a fault", () => {
  const broken = (fault: Fault) => {
    emulator.enqueue({ fault });
    return rawExchange(emulator.url, request);
  };

  it("cutAfterBytes closes after that many bytes, without the terminator", async () => {
    const all = plain.join("");
    for (const count of [0, 1, 200, all.length - 1, all.length, all.length + 1]) {
      const answer = await broken({ cutAfterBytes: count });
      expect(answer).toMatchObject({ status: 200, torn: undefined, ended: "closed" });
      expect(answer.chunks.join("")).toBe(all.slice(0, count));
    }
  });

  it("cutAfterBytes keeps the announced length of a whole answer", async () => {
    const body = JSON.stringify({ ...chat, stream: false });
    const [whole = ""] = recording("0.33.0", "chat-plain-whole").chunks;
    emulator.enqueue({ fault: { cutAfterBytes: 10 } });
    const answer = await rawExchange(emulator.url, { ...request, body });
    expect(answer).toMatchObject({ chunks: [whole.slice(0, 10)], ended: "closed" });
    expect(answer.headers.get("content-length")).toBe(String(whole.length));
  });

  it("closeInsideChunk announces a chunk and sends half of it", async () => {
    const answer = await broken({ closeInsideChunk: 2 });
    const third = plain[2] ?? "";
    expect(answer).toMatchObject({ status: 200, chunks: plain.slice(0, 2), ended: "closed" });
    expect(answer.torn).toEqual({ announced: third.length, came: third.slice(0, third.length >> 1) });
    expect(await broken({ closeInsideChunk: 99 })).toMatchObject({ chunks: plain, torn: undefined, ended: "closed" });
  });

  it("closeInsideChunk works in the first chunk and in a whole answer", async () => {
    expect(await broken({ closeInsideChunk: 0 })).toMatchObject({ status: 200, chunks: [], ended: "closed" });
    emulator.enqueue({ recording: "chat-plain-whole", fault: { closeInsideChunk: 0 } });
    const [whole = ""] = recording("0.33.0", "chat-plain-whole").chunks;
    expect(await rawExchange(emulator.url, request)).toMatchObject({
      chunks: [whole.slice(0, whole.length >> 1)],
      ended: "closed",
    });
  });

  it("errorAfterChunks sends an error line and ends properly", async () => {
    const answer = await broken({ errorAfterChunks: 3, message: 'it "broke"' });
    expect(answer).toMatchObject({ status: 200, ended: "complete" });
    expect(answer.chunks).toEqual([...plain.slice(0, 3), '{"error":"it \\"broke\\""}\n']);
  });

  it("endAfterChunks ends properly without the final event", async () => {
    expect(await broken({ endAfterChunks: 4 })).toMatchObject({ chunks: plain.slice(0, 4), ended: "complete" });
    expect(await broken({ endAfterChunks: 0 })).toMatchObject({ status: 200, chunks: [], ended: "complete" });
    emulator.enqueue({ recording: "chat-plain-whole", fault: { endAfterChunks: 0 } });
    expect(await rawExchange(emulator.url, request)).toMatchObject({ chunks: [], ended: "complete" });
  });

  it("refuse resets before any byte", async () => {
    expect(await broken({ refuse: true })).toMatchObject({ status: 0, ended: "reset" });
  });

  it("bytes are sent as they are, whatever they are", async () => {
    const bytes = ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", Buffer.from("ab")];
    expect(await broken({ bytes, ending: "close" })).toMatchObject({ status: 200, chunks: ["ab"], ended: "closed" });
    expect(await broken({ bytes, ending: "reset" })).toMatchObject({ status: 200, chunks: ["ab"], ended: "reset" });
    expect(emulator.connections).toBe(0);
  });

  it("bytes then silence keeps the connection until the client leaves", async () => {
    const answer = broken({ bytes: ["SSH-2.0"], ending: "silence" });
    const seen = await emulator.nextRequest();
    expect(emulator.connections).toBe(1);
    await emulator.close();
    expect(await answer).toMatchObject({ status: 0 });
    expect(await seen.ended).toBe("aborted");
  });

  it("silenceAfterChunks says nothing more, until the client leaves", async () => {
    emulator.enqueue({ fault: { silenceAfterChunks: 2 } });
    const left = new AbortController();
    const answer = await fetch(`${emulator.url}/api/chat`, { method: "POST", body: request.body, signal: left.signal });
    const seen = await emulator.nextRequest();
    const reader = (answer.body ?? new ReadableStream()).getReader();
    let text = "";
    while (text.length < plain.slice(0, 2).join("").length)
      text += new TextDecoder().decode((await reader.read()).value);
    expect(text).toBe(plain.slice(0, 2).join(""));
    const third = reader.read();
    expect(seen.endedAt).toBeUndefined();
    const leftAt = performance.now();
    left.abort();
    await expect(third).rejects.toThrow("abort");
    expect(await seen.ended).toBe("aborted");
    expect(seen.endedAt).toBeGreaterThanOrEqual(leftAt);
  });

  it("silenceAfterChunks: 0 sends the headers", async () => {
    emulator.enqueue({ fault: { silenceAfterChunks: 0 } });
    const answer = await fetch(`${emulator.url}/api/chat`, { method: "POST", body: request.body });
    expect(answer.headers.get("content-type")).toBe("application/x-ndjson");
    await answer.body?.cancel();
  });

  it("silenceBeforeHeaders says nothing until the emulator closes", async () => {
    const answer = broken({ silenceBeforeHeaders: true });
    const seen = await emulator.nextRequest();
    await emulator.close();
    expect(await answer).toMatchObject({ status: 0 });
    expect(await seen.ended).toBe("aborted");
  });
});

describe("enqueue", () => {
  const body = async (path = "/api/chat"): Promise<string> =>
    (await rawExchange(emulator.url, { ...request, path })).chunks.join("");

  it("uses replies up in order, path by path, then answers by itself", async () => {
    emulator.enqueue({ chunks: ["one"], times: 2 });
    emulator.enqueue({ chunks: ["two"] });
    emulator.enqueue({ path: "/api/show", chunks: ["three"] });
    expect([await body(), await body(), await body(), await body()]).toEqual(["one", "one", "two", plain.join("")]);
    expect(await body("/api/show")).toBe("three");
  });

  it("plays bytes, statuses and headers of one's own", async () => {
    emulator.enqueue({ chunks: [Buffer.from([0xf0, 0x9f]), Buffer.from([0xa6, 0x99])] });
    expect(await (await fetch(`${emulator.url}/api/chat`, { method: "POST", body: request.body })).text()).toBe("🦙");

    emulator.enqueue({ status: 503, chunks: ['{"error":"busy"}'], headers: { "retry-after": "3" } });
    const busy = await rawExchange(emulator.url, request);
    expect(busy).toMatchObject({ status: 503, chunks: ['{"error":"busy"}'], ended: "complete" });
    expect(busy.headers.get("retry-after")).toBe("3");
    expect(busy.headers.get("content-type")).toBe("application/json; charset=utf-8");

    emulator.enqueue({ headers: { "content-type": "text/html" } });
    const odd = await rawExchange(emulator.url, request);
    expect(odd).toMatchObject({ status: 200, chunks: plain });
    expect(odd.headers.get("content-type")).toBe("text/html");
  });

  it("plays a recording of the other version", async () => {
    const recorded = recording("0.24.0", "chat-logprobs");
    emulator.enqueue({ recording: recorded });
    expect((await rawExchange(emulator.url, request)).chunks).toEqual(recorded.chunks);
  });

  it("refuses a name that was not recorded", () => {
    expect(() => emulator.enqueue({ recording: "chat-plane-stream" })).toThrow(/near: .*chat-plain-stream/);
  });

  it("waits before each chunk, and stops when the client leaves", async () => {
    emulator.enqueue({ delayMs: 15, fault: { endAfterChunks: 3 } });
    const start = performance.now();
    expect((await rawExchange(emulator.url, request)).chunks).toHaveLength(3);
    expect(performance.now() - start).toBeGreaterThanOrEqual(42);

    emulator.enqueue({ delayMs: 60_000 });
    const left = new AbortController();
    const answer = fetch(`${emulator.url}/api/chat`, { method: "POST", body: request.body, signal: left.signal });
    await emulator.nextRequest();
    const seen = await emulator.nextRequest();
    left.abort();
    await expect(answer).rejects.toThrow("abort");
    expect(await seen.ended).toBe("aborted");
  });
});

describe("requests", () => {
  it("are recorded with what came", async () => {
    await rawExchange(emulator.url, {
      ...request,
      path: "/api/chat?a=1",
      headers: { Authorization: "Bearer x", "X-Thing": "y" },
    });
    await rawExchange(emulator.url, { method: "POST", path: "/api/show", body: "{" });
    await rawExchange(emulator.url, { method: "GET", path: "/" });
    const [first, second, third] = emulator.requests;
    expect(first).toMatchObject({ method: "POST", path: "/api/chat", body: chat, text: request.body });
    expect(first?.headers).toMatchObject({ authorization: "Bearer x", "x-thing": "y" });
    expect(second).toMatchObject({ path: "/api/show", body: undefined, text: "{" });
    expect(third).toMatchObject({ method: "GET", path: "/", text: "" });
  });

  it("know when their answer was sent", async () => {
    await rawExchange(emulator.url, request);
    const [seen] = emulator.requests;
    expect(await seen?.ended).toBe("complete");
    expect(seen?.endedAt).toBeGreaterThanOrEqual(seen?.receivedAt ?? Number.NaN);
  });

  it("count a scripted cut as complete", async () => {
    emulator.enqueue({ fault: { cutAfterBytes: 5 } });
    await rawExchange(emulator.url, request);
    expect(await emulator.requests[0]?.ended).toBe("complete");
  });

  it("can be waited for before and after they come, each handed out once", async () => {
    const early = emulator.nextRequest("/api/chat");
    await rawExchange(emulator.url, { method: "GET", path: "/api/tags" });
    await rawExchange(emulator.url, request);
    expect(await early).toBe(emulator.requests[1]);
    expect(await emulator.nextRequest()).toBe(emulator.requests[0]);
    const none = emulator.nextRequest("/api/chat");
    await emulator.close();
    await expect(none).rejects.toThrow("closed before a request to /api/chat came");
    await expect(emulator.nextRequest()).rejects.toThrow("closed before a request came");
  });

  it("that stop half-way are no requests, and no harm", async () => {
    const headers = { "Content-Length": "1000" };
    const cut = fetch(`${emulator.url}/api/chat`, {
      method: "POST",
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from("{"));
          controller.error(new Error("stopped"));
        },
      }),
      headers,
      duplex: "half",
    } as RequestInit);
    await expect(cut).rejects.toThrow();
    expect((await rawExchange(emulator.url, request)).status).toBe(200);
    expect(emulator.requests).toHaveLength(1);
  });
});

describe("the server", () => {
  it("answers HEAD without a body and keeps connections open", async () => {
    const head = await fetch(`${emulator.url}/`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(head.headers.get("content-length")).toBe("17");
    const get = await fetch(emulator.url);
    expect(await get.text()).toBe("Ollama is running");
    expect(get.headers.get("connection")).toBe("keep-alive");
    expect(get.headers.get("keep-alive")).toBeNull();
  });

  it("stops writing to a client that does not read", async () => {
    using write = vi.spyOn(ServerResponse.prototype, "write");
    emulator.enqueue({ chunks: Array.from({ length: 64 }, () => "x".repeat(1 << 20)) });
    const answer = await fetch(`${emulator.url}/api/chat`, { method: "POST", body: request.body });
    const seen = await emulator.nextRequest();
    // Far fewer than 64 MiB fit into the buffers between the two.
    expect(write.mock.calls.length).toBeLessThan(60);
    expect(seen.endedAt).toBeUndefined();
    let bytes = 0;
    for await (const part of answer.body ?? []) bytes += part.length;
    expect(bytes).toBe(64 << 20);
    expect(await seen.ended).toBe("complete");
  });

  it("rejects when the port is taken", async () => {
    await expect(startEmulator({ port: Number(new URL(emulator.url).port) })).rejects.toThrow("EADDRINUSE");
  });

  it("serves other addresses and versions", async () => {
    await using other = await startEmulator({ host: "::1", version: "0.24.0" });
    expect(other.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect(await (await fetch(`${other.url}/api/version`)).json()).toEqual({ version: "0.24.0" });
  });

  it("closes with answers under way, and then refuses", async () => {
    const busy = await startEmulator({ delayMs: 60_000 });
    busy.enqueue({ fault: { silenceBeforeHeaders: true } });
    const exchanges = [rawExchange(busy.url, request), rawExchange(busy.url, request)];
    const seen = [await busy.nextRequest(), await busy.nextRequest()];
    await Promise.all([busy.close(), busy.close()]);
    expect(await Promise.all(exchanges)).toMatchObject([{ status: 0 }, { status: 0 }]);
    expect(await Promise.all(seen.map(({ ended }) => ended))).toEqual(["aborted", "aborted"]);
    await expect(fetch(busy.url)).rejects.toThrow("fetch failed");
  });

  it("leaves no handle behind when it closes: the process ends by itself", async () => {
    const script = `
      import { startEmulator } from ${JSON.stringify(new URL("./start-emulator.ts", import.meta.url))};
      const emulator = await startEmulator({ delayMs: 60_000 });
      const slow = fetch(emulator.url + "/api/tags");
      await emulator.nextRequest("/api/tags");
      await emulator.close();
      await slow.catch((error) => console.log(error.message));
    `;
    const child = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { timeout: 4000 });
    expect((await child).stdout).toBe("fetch failed\n");
  });
});
