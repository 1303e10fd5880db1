import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { done, line } from "./ndjson.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

// However busy the machine is.
vi.setConfig({ testTimeout: 30_000 });
const within = { timeout: 10_000 };

const hi = { role: "user", content: "hi" } as const;
const chat = { model: "plain", messages: [hi] };
const limits = (said: string) => ({
  config: `llamaduct:\n  hosts: []\n  limits: { ${said} }\nmodel_list: [${PLAIN}]\n`,
});
const PLAIN = "{ model_name: plain, litellm_params: { model: ollama_chat/plain } }";

describe("a request that is too much is refused before anybody is asked, and told which limit it is", () => {
  it.each<[string, object, number, string, string | null, string]>([
    ["messages: 2", { messages: [hi, hi, hi] }, 400, "invalid_value", "messages", "3 items; at most 2"],
    ["tools: 1", { tools: [tool("a"), tool("b")] }, 400, "invalid_value", "tools", "2 items; at most 1"],
    ["json_depth: 4", { tools: [tool("a")] }, 400, "json_too_complex", null, "deeper than 4 levels"],
    ["json_elements: 25", { tools: [tool("a")] }, 400, "json_too_complex", null, "more than 25 elements"],
  ])("%s", async (said, fields, status, code, param, message) => {
    const { client, emulator } = await startProxy(limits(said));
    const error = await client.chat.completions.create({ ...chat, ...fields }).catch((reason) => reason);
    expect(error).toMatchObject({ status, code, param, message: expect.stringContaining(message) });
    expect(emulator.requests).toEqual([]);
    await client.chat.completions.create(chat);
  });

  it.each<[said: string, taken: object, tooMuch: object, message: string]>([
    ["schema_depth: 3", { a: { b: {} } }, { a: { b: { c: {} } } }, "nested deeper than 3 levels"],
    ["schema_values: 4", { a: [1, 2] }, { a: [1, 2, 3] }, "more than 4 values"],
    ["schema_kb: 1", { a: "x".repeat(1023) }, { a: "x".repeat(1024) }, "larger than 1024 characters"],
    ["schema_kb: 1", { ["x".repeat(1024)]: 1 }, { ["x".repeat(1025)]: 1 }, "larger than 1024 characters"],
  ])("T16: %s, of a tool and of the answer", async (said, taken, tooMuch, message) => {
    const { client, emulator } = await startProxy(limits(said));
    const refusal = (fields: object) =>
      client.chat.completions.create({ ...chat, ...fields }).then(
        () => undefined,
        ({ status, code, param, message }) => ({ status, code, param, message }),
      );
    const places = (schema: object): readonly (readonly [param: string, fields: object])[] => [
      [
        "tools.1.function.parameters",
        { tools: [tool("a"), { ...tool("b"), function: { name: "b", parameters: schema } }] },
      ],
      [
        "response_format.json_schema.schema",
        { response_format: { type: "json_schema", json_schema: { name: "n", schema } } },
      ],
      ["format", { format: schema }],
    ];
    for (const [param, fields] of places(tooMuch))
      expect(await refusal(fields)).toMatchObject({
        status: 400,
        code: "invalid_value",
        param,
        message: expect.stringContaining(message),
      });
    expect(emulator.requests.filter(({ path }) => path === "/api/chat")).toEqual([]);
    // What is wrong with it otherwise is another's to say.
    for (const [, fields] of places(taken)) expect((await refusal(fields))?.message ?? "").not.toContain(message);
  });

  it("B15: line_mb, of what an upstream sends", async () => {
    const { client, emulator } = await startProxy(limits("line_mb: 0.0009765625"));
    const frame = Buffer.byteLength(line({ content: "" })) - 1;
    const ask = (bytes: number) => {
      emulator.enqueue({ chunks: [line({ content: "x".repeat(bytes - frame) }), done()] });
      return client.chat.completions.create(chat).then(
        ({ choices }) => choices[0]?.message.content?.length,
        ({ status, code }) => `${status} ${code}`,
      );
    };
    expect(await ask(1024)).toBe(1024 - frame);
    expect(await ask(1025)).toBe("502 upstream_response_too_large");
  });

  it("2,048 messages and 256 tools, where nothing is said", async () => {
    const { client } = await startProxy();
    const codeOf = (fields: object) =>
      client.chat.completions.create({ ...chat, ...fields }).then(
        () => undefined,
        ({ code, param }) => `${code} ${param}`,
      );
    expect(await codeOf({ messages: Array(2048).fill(hi) })).toBe(undefined);
    expect(await codeOf({ messages: Array(2049).fill(hi) })).toBe("invalid_value messages");
    expect(await codeOf({ tools: Array.from({ length: 257 }, (_, index) => tool(`t${index}`)) })).toBe(
      "invalid_value tools",
    );
  });

  it.each([
    ["headers: 20", Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, "1"])), "more than 20"],
    ["header_kb: 1", { long: "x".repeat(1100) }, "larger than 1024 bytes"],
  ])("T13: %s", async (said, fields, message) => {
    const { port } = await startProxy(limits(said));
    expect(await rawExchange(port, head("GET /health/liveness HTTP/1.1"))).toMatchObject({ status: 200 });
    const { status, body } = await rawExchange(port, head("GET /health/liveness HTTP/1.1", fields));
    expect(status).toBe(431);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: "headers_too_large", message: expect.stringContaining(message) },
    });
  });
});

describe("T12: a connection that gives nothing is ended, and what it waited for is told", () => {
  it.each([
    ["header_time: 0.1, request_time: 5", "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\n", "within 0.1 s"],
    ["header_time: 0.1, request_time: 0.2", post(100, "{"), "a whole request within 0.2 s"],
  ])("%s", async (said, begun, message) => {
    const { port } = await startProxy(limits(said));
    const { status, body } = await rawExchange(port, begun);
    expect(status).toBe(408);
    expect(JSON.parse(body)).toMatchObject({
      error: { code: "request_timeout", message: expect.stringContaining(message) },
    });
  });

  it("idle_time", async () => {
    const { port } = await startProxy(limits("idle_time: 0.1"));
    const { status } = await rawExchange(port, head("GET /health/liveness HTTP/1.1", { connection: "keep-alive" }));
    expect(status).toBe(200);
  });

  it("connections: one too many is closed", async () => {
    const { port, url } = await startProxy(limits("connections: 1"));
    const first = open(port);
    await once(first, "connect");
    expect((await rawExchange(port, head("GET /health/liveness HTTP/1.1"))).status).toBe(0);
    first.destroy();
    await once(first, "close");
    await expect
      .poll(() =>
        fetch(`${url}/health/liveness`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it.each([false, true])("stall_time: whoever does not read an answer is left, streamed: %s", async (stream) => {
    const proxy = await startProxy(limits("stall_time: 0.2"));
    const part = line({ content: "x".repeat(1024 * 1024) });
    const end = `${JSON.stringify({ message: { role: "assistant", content: "" }, done: true, done_reason: "stop" })}\n`;
    proxy.emulator.enqueue({ chunks: [...Array(12).fill(part), end] });
    const socket = open(proxy.port);
    socket.pause();
    const body = JSON.stringify({ ...chat, stream });
    socket.write(post(body.length, body));
    await expect.poll(() => proxy.records.map(({ outcome }) => outcome), within).toEqual(["client_gone"]);
  });
});

describe("max_response_size_mb", () => {
  const config = `general_settings: { max_response_size_mb: 0.5 }\nmodel_list: [${PLAIN}]\n`;
  const long = { chunks: Array(8).fill(line({ content: "é".repeat(64 * 1024) })), fault: { silenceAfterChunks: 8 } };

  it("ends a stream with an error, and its upstream's work", async () => {
    const { client, emulator, records } = await startProxy({ config });
    emulator.enqueue(long);
    const answer = await client.chat.completions.create({ ...chat, stream: true });
    const read = async () => {
      let text = "";
      for await (const { choices } of answer) text += choices[0]?.delta.content ?? "";
      return text;
    };
    await expect(read()).rejects.toMatchObject({ code: "upstream_response_too_large" });
    await expect
      .poll(() => records, within)
      .toMatchObject([{ outcome: "failed", errorCode: "upstream_response_too_large" }]);
    expect(await emulator.requests.find(({ path }) => path === "/api/chat")?.ended).toBe("aborted");
  });

  it("turns a whole answer into an error", async () => {
    const { client, emulator } = await startProxy({ config });
    const end = `${JSON.stringify({ message: { role: "assistant", content: "" }, done: true, done_reason: "stop" })}\n`;
    emulator.enqueue({ chunks: [...long.chunks, end] });
    await expect(client.chat.completions.create(chat)).rejects.toMatchObject({
      status: 502,
      code: "upstream_response_too_large",
    });
    expect((await client.chat.completions.create(chat)).choices[0]?.finish_reason).toBe("stop");
  });
});

function tool(name: string) {
  return { type: "function", function: { name, parameters: { type: "object", properties: { a: {} } } } } as const;
}

function post(length: number, body: string): string {
  const fields = { "content-type": "application/json", "content-length": String(length), connection: "keep-alive" };
  return head("POST /v1/chat/completions HTTP/1.1", fields) + body;
}

function open(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  return socket;
}
