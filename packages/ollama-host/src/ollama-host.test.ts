import { ProviderError } from "@llamaduct/core";
import { fromFetch, type Transport, type TransportRequest } from "@llamaduct/http";
import { startEmulator } from "@llamaduct/ollama-emulator";
import { describe, expect, it } from "vitest";
import type { ChatBody } from "./chat-wire.ts";
import { createOllamaHost, type OllamaHost } from "./ollama-host.ts";

const body: ChatBody = { model: "plain", messages: [{ role: "user", content: "hi" }], stream: true };

function recording(): { readonly requests: TransportRequest[]; readonly transport: Transport } {
  const requests: TransportRequest[] = [];
  const replies: Readonly<Record<string, string>> = {
    "/api/version": '{"version":"9"}',
    "/api/tags": '{"models":null}',
    "/api/ps": '{"models":null}',
    "/api/show": "{}",
    "/api/chat": '{"done":true}',
    "/api/generate": '{"done":true}',
    "/api/embed": '{"embeddings":[]}',
    "/api/pull": '{"status":"success"}',
  };
  const transport: Transport = async (request) => {
    requests.push(request);
    const text = replies[new URL(request.url).pathname.replace("/prefix", "")] ?? "";
    return {
      status: 200,
      headers: {},
      body: (async function* () {
        yield new TextEncoder().encode(text);
      })(),
    };
  };
  return { requests, transport };
}

async function everyEndpoint(host: OllamaHost, headers?: Record<string, string>): Promise<void> {
  const call = { headers };
  await host.version(call);
  await host.tags(call);
  await host.ps(call);
  await host.show("m", call);
  for await (const _ of await host.chat(body, call));
  for await (const _ of await host.generate({ model: "m", prompt: "hi", stream: true }, call));
  await host.embed({ model: "m", input: ["a"] }, call);
  await host.load("m", {}, call);
  await host.unload("m", call);
  for await (const _ of host.pull("m", call));
}

describe("requests", () => {
  it("K3, P4: go to the native endpoint under the prefix, whatever form the base URL has", async () => {
    const { requests, transport } = recording();
    await everyEndpoint(createOllamaHost({ baseURL: "https://h/prefix/v1/", transport }));
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET https://h/prefix/api/version",
      "GET https://h/prefix/api/tags",
      "GET https://h/prefix/api/ps",
      "POST https://h/prefix/api/show",
      "POST https://h/prefix/api/chat",
      "POST https://h/prefix/api/generate",
      "POST https://h/prefix/api/embed",
      "POST https://h/prefix/api/generate",
      "POST https://h/prefix/api/generate",
      "POST https://h/prefix/api/pull",
    ]);
  });

  it("K4: carry the host's own key on every endpoint", async () => {
    const { requests, transport } = recording();
    await everyEndpoint(createOllamaHost({ apiKey: "k", headers: { "X-Team": "a" }, transport }));
    for (const { headers } of requests) expect(headers).toMatchObject({ authorization: "Bearer k", "x-team": "a" });
  });

  it("K5: carry no key without one, and a caller can neither replace it nor speak as another site", async () => {
    const foreign = { Authorization: "Bearer stolen", Cookie: "c", Host: "evil", Origin: "http://evil", "x-mine": "1" };
    const keyless = recording();
    await everyEndpoint(createOllamaHost({ transport: keyless.transport }), foreign);
    for (const { headers = {} } of keyless.requests) {
      expect(Object.keys(headers)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(authorization|cookie|host|origin)$/i)]),
      );
      expect(headers["x-mine"]).toBe("1");
    }
    const keyed = recording();
    await everyEndpoint(createOllamaHost({ apiKey: "own", transport: keyed.transport }), foreign);
    for (const { headers } of keyed.requests) expect(headers?.["authorization"]).toBe("Bearer own");
  });

  it("take the credentials that stood in the base URL as a header", async () => {
    const { requests, transport } = recording();
    const host = createOllamaHost({ baseURL: "http://me:pw@h:1", transport });
    await host.version();
    expect(requests[0]).toMatchObject({ url: "http://h:1/api/version", headers: { authorization: "Basic bWU6cHc=" } });
    expect(host.baseURL).not.toContain("pw");
  });
});

describe.each(["0.24.0", "0.33.0"] as const)("an Ollama %s", (version) => {
  it.each([
    ["undici", undefined],
    ["fetch", fromFetch(fetch)],
  ] as const)("answers every question, through %s", async (_, transport) => {
    await using emulator = await startEmulator({ version });
    const host = createOllamaHost({ baseURL: emulator.url, transport });
    expect(await host.version()).toBe(version);
    expect((await host.tags()).map(({ name }) => name)).toContain("plain:latest");
    expect(await host.show("tools")).toMatchObject({ capabilities: ["completion", "tools"] });
    expect(await host.show("nope")).toBeUndefined();
    expect(Array.isArray(await host.ps())).toBe(true);
    const events: unknown[] = [];
    for await (const batch of await host.chat(body)) events.push(...batch);
    expect(events.at(-1)).toMatchObject({ done: true, done_reason: "stop", eval_count: 11 });
  });
});

describe("what is no Ollama", () => {
  it.each([
    ["an HTML page", { chunks: ["<html></html>"] }, "upstream_protocol_error"],
    ["JSON of another shape", { chunks: ['{"models":[{"id":1}]}'] }, "upstream_protocol_error"],
    ["404 for the path", { status: 404, chunks: ["404 page not found"] }, "upstream_protocol_error"],
    ["a redirect", { status: 307, headers: { location: "/elsewhere" }, chunks: [""] }, "upstream_protocol_error"],
  ] as const)("%s is %s", async (_, reply, code) => {
    await using emulator = await startEmulator();
    emulator.enqueue({ path: "/api/tags", ...reply });
    await expect(createOllamaHost({ baseURL: emulator.url }).tags()).rejects.toMatchObject({ code });
  });

  it("nothing listening is a failed connection", async () => {
    const emulator = await startEmulator();
    await emulator.close();
    await expect(createOllamaHost({ baseURL: emulator.url }).version()).rejects.toMatchObject({
      code: "upstream_connection_failed",
    });
  });

  it("a line that is not JSON ends the answer after what came before it", async () => {
    await using emulator = await startEmulator();
    emulator.enqueue({ chunks: ['{"message":{"content":"a"}}\n{"message":', "oops\n"] });
    const seen: unknown[] = [];
    const read = (async () => {
      for await (const batch of await createOllamaHost({ baseURL: emulator.url }).chat(body)) seen.push(...batch);
    })();
    await expect(read).rejects.toMatchObject({ code: "upstream_protocol_error" });
    expect(seen).toEqual([{ message: { content: "a" } }]);
  });
});

it("tells how long to wait when the server does", async () => {
  await using emulator = await startEmulator();
  emulator.enqueue({ path: "/api/tags", status: 503, headers: { "retry-after": "7" }, chunks: [""] });
  const error = await createOllamaHost({ baseURL: emulator.url })
    .tags()
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ code: "upstream_busy", retryAfterMs: 7000 });
});
