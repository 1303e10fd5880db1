import { createServer } from "node:net";
import type { Reply } from "@llamaduct/ollama-emulator";
import { APIError } from "openai";
import { describe, expect, it } from "vitest";
import { done, line } from "./ndjson.ts";
import { startProxy, type TestProxy } from "./start-proxy.ts";

const hi = { role: "user", content: "hi" } as const;
const two = [line({ content: "a" }), line({ content: "b" }), done()];

describe("a stream that breaks after its first token", () => {
  it.each<[string, Reply, string]>([
    ["N1: on an error line", { chunks: two, fault: { errorAfterChunks: 2, message: "boom" } }, "upstream_error"],
    ["N2: without a done", { chunks: two, fault: { endAfterChunks: 2 } }, "upstream_stream_interrupted"],
    ["N2: inside a chunk", { chunks: two, fault: { closeInsideChunk: 2 } }, "upstream_stream_interrupted"],
    ["on what is not the protocol", { chunks: [...two.slice(0, 2), "nonsense\n"] }, "upstream_protocol_error"],
  ])("%s ends in one error event and no [DONE]", async (_, reply, code) => {
    const proxy = await startProxy();
    proxy.emulator.enqueue(reply);
    const response = await post(proxy, true);
    expect(response.status).toBe(200);
    const events = (await response.text()).split("\n\n").filter((event) => event !== "");
    const last = JSON.parse(events.pop()?.replace(/^data: /, "") ?? "");
    expect(last).toEqual({ error: { message: expect.any(String), type: "server_error", param: null, code } });
    expect(events.join()).not.toMatch(/error|DONE/);
    expect(events.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content ?? "").join("")).toBe("ab");
  });

  it("N1: is an error to the OpenAI client, after what came before it", async () => {
    const { client, emulator } = await startProxy();
    emulator.enqueue({ chunks: two, fault: { errorAfterChunks: 2, message: "secret" } });
    const stream = await client.chat.completions.create({ model: "plain", messages: [hi], stream: true });
    let text = "";
    const read = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    };
    await expect(read()).rejects.toThrow(/^(?!.*secret).*server failed/i);
    expect(text).toBe("ab");
  });

  it.each<[string, Reply]>([
    ["N1: an error line", { chunks: two, fault: { errorAfterChunks: 2, message: "boom" } }],
    ["N2: an end without a done", { chunks: two, fault: { endAfterChunks: 2 } }],
  ])("%s is a 502 when the answer was to be whole", async (_, reply) => {
    const proxy = await startProxy();
    proxy.emulator.enqueue(reply);
    expect((await post(proxy, false)).status).toBe(502);
  });
});

describe("a stream that breaks before its first token has a status", () => {
  it.each<[string, Reply, number, string]>([
    ["N1: an error line", { chunks: two, fault: { errorAfterChunks: 0, message: "boom" } }, 502, "upstream_error"],
    ["N2: nothing at all", { chunks: two, fault: { endAfterChunks: 0 } }, 502, "upstream_stream_interrupted"],
  ])("%s", async (_, reply, status, code) => {
    const proxy = await startProxy();
    proxy.emulator.enqueue(reply);
    expect(await errorOf(await post(proxy, true))).toEqual({ status, code, param: null });
  });
});

describe.each([true, false])("K9: statuses keep their meaning, stream: %s", (stream) => {
  it.each<[string, Reply, number, string]>([
    [
      "a wrong option",
      { status: 500, chunks: ['{"error":"option \\"num_ctx\\" must be of type integer"}'] },
      400,
      "invalid_value",
    ],
    ["400", { status: 400, chunks: ['{"error":"bad"}'] }, 400, "invalid_value"],
    ["404", { status: 404, chunks: ['{"error":"model \'x\' not found"}'] }, 404, "model_not_found"],
    ["429", { status: 429, chunks: ['{"error":"slow down"}'] }, 429, "rate_limit_exceeded"],
    ["503", { status: 503, chunks: ['{"error":"server busy"}'] }, 503, "upstream_busy"],
    ["500", { status: 500, chunks: ['{"error":"boom"}'] }, 502, "upstream_error"],
    ["401", { status: 401, chunks: ['{"error":"unauthorized"}'] }, 502, "upstream_auth_failed"],
    ["403", { status: 403, chunks: [] }, 502, "upstream_auth_failed"],
    ["a reset", { fault: { refuse: true } }, 502, "upstream_connection_failed"],
  ])("%s", async (_, reply, status, code) => {
    const proxy = await startProxy();
    proxy.emulator.enqueue({ ...reply, times: 2 });
    expect(await errorOf(await post(proxy, stream))).toMatchObject({ status, code });
  });

  it("a refused connection", async () => {
    const proxy = await startProxy({ upstream: `http://127.0.0.1:${await closedPort()}` });
    expect(await errorOf(await post(proxy, stream))).toMatchObject({ status: 502, code: "upstream_connection_failed" });
  });
});

it("K9: a 404 lists near names, and says whether to try again", async () => {
  const { client } = await startProxy({ deployments: [{ name: "llama3.2", model: "ollama_chat/plain" }] });
  const error = await client.chat.completions.create({ model: "lama3.2", messages: [hi] }).catch((reason) => reason);
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
  expect(error.message).toContain('"llama3.2"');
  expect(error.headers.get("x-should-retry")).toBe("false");
});

it("retry-after of a busy upstream reaches the client", async () => {
  const proxy = await startProxy();
  proxy.emulator.enqueue({ status: 429, headers: { "retry-after": "7" }, chunks: ["{}"] });
  const { headers } = await post(proxy, false);
  expect(headers.get("retry-after")).toBe("7");
  expect(headers.get("x-should-retry")).toBe("true");
});

it("what an upstream says reaches no client", async () => {
  const proxy = await startProxy();
  proxy.emulator.enqueue({ status: 500, chunks: ['{"error":"secret path /root"}'] });
  expect(await (await post(proxy, false)).text()).not.toContain("secret");
});

function post({ url }: TestProxy, stream: boolean): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    // What is asked for once is what comes back.
    headers: { "content-type": "application/json", "x-litellm-num-retries": "0" },
    body: JSON.stringify({ model: "plain", messages: [hi], stream }),
  });
}

async function errorOf(response: Response): Promise<object> {
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  const { error } = (await response.json()) as { error: { code: string; param: string | null } };
  return { status: response.status, code: error.code, param: error.param };
}

function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 1) : 1));
    });
  });
}
