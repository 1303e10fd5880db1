import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ProviderError } from "@llamaduct/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { createOllamaHost } from "./ollama-host.ts";

const body = { model: "m", messages: [], stream: true } as const;

describe("a server that cannot be reached", () => {
  it("K7: is asked to be started, and a container is told where its machine is", async () => {
    const { message, code } = await failureAt("http://user:pass@127.0.0.1:9/?key=pass");
    expect(code).toBe("upstream_connection_failed");
    expect(message).toContain("127.0.0.1:9");
    expect(message).toContain("`ollama serve`");
    expect(message).toContain("`host.docker.internal`");
    expect(message).not.toContain("pass");
  });

  it.each([
    ["http://ollama.lan:11434", "ECONNREFUSED", "OLLAMA_HOST=0.0.0.0"],
    ["http://host.docker.internal:11434", "ENOTFOUND", "--add-host=host.docker.internal:host-gateway"],
    ["https://ollama.lan", "EPROTO", "speaks http, not https"],
  ])("%s after %s: %s", async (baseURL, code, hint) => {
    const cause = Object.assign(new Error("no"), { code });
    const error = new ProviderError({ code: "upstream_connection_failed", message: "It failed.", cause });
    const host = createOllamaHost({ baseURL, transport: () => Promise.reject(error) });
    const failure = await host.version().catch((failure: unknown) => failure);
    expect(failure).toMatchObject({ message: expect.stringMatching(/^It failed\. /), cause });
    expect(String(failure)).toContain(hint);
    expect(String(failure)).not.toContain("container's own");
  });

  it("an abort is passed on as it is", async () => {
    const reason = new Error("enough");
    const host = createOllamaHost({ transport: () => Promise.reject(reason) });
    await expect(host.version()).rejects.toBe(reason);
  });
});

describe("a server that is not Ollama", () => {
  it.each([
    [404, "text/html; charset=utf-8", "an HTML page"],
    [200, "text/html", "an HTML page"],
    [404, "application/json", "other JSON"],
    [404, "text/plain", "plain text"],
    [405, undefined, "something else"],
    [301, "text/html", "an HTML page"],
  ])("that answers %s with %s is told as %s", async (status, type, kind) => {
    const { url, port } = await serve(status, type, "<p>It works!</p>");
    const error = await failureAt(url);
    expect(error).toMatchObject({ code: "upstream_protocol_error", upstreamStatus: status });
    expect(error.message).toContain(`127.0.0.1:${port} answered ${status} with ${kind}`);
    expect(error.message).not.toContain("It works");
    expect(error.upstreamMessage).toBe("<p>It works!</p>");
  });

  it("is told, too, when its JSON is about something else", async () => {
    const { url } = await serve(200, "application/json", '{"object":"list"}');
    const error = await createOllamaHost({ baseURL: url })
      .version()
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ message: expect.stringContaining("answered 200 with other JSON") });
  });
});

async function failureAt(baseURL: string): Promise<ProviderError> {
  const failure = await createOllamaHost({ baseURL })
    .chat(body)
    .catch((error: unknown) => error);
  if (failure instanceof ProviderError) return failure;
  throw new Error("It has not failed.");
}

async function serve(status: number, type: string | undefined, text: string) {
  const server = createServer((_, response) => {
    response.writeHead(status, { ...(type && { "content-type": type }) }).end(text);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}
