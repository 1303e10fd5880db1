// A page may have lost the server that its files come from. Here there are none.

import { ProviderError } from "@llamaduct/core";
import { fromFetch } from "@llamaduct/http";
import { expect, it, vi } from "vitest";
import { createOllamaHost } from "./ollama-host.ts";

vi.mock("./failures.ts", () => {
  throw new Error("Failed to fetch dynamically imported module");
});

const body = { model: "m", messages: [], stream: true } as const;

function hostAnswering(text: string, status = 200) {
  return createOllamaHost({ transport: fromFetch(async () => new Response(text, { status })) });
}

it("a refusal is an error of the contract, told plainly", async () => {
  const failure = await hostAnswering('{"error":"model \'m\' not found"}', 404).chat(body).catch(String);
  expect(failure).toBe("ProviderError: The server failed with status 404.");
});

it("a line that is no event fails after what came before it", async () => {
  const events = await hostAnswering('{"message":{"content":"a"}}\n{"error":"broken"}\n').chat(body);
  const read: unknown[] = [];
  const failure = await (async () => {
    for await (const batch of events) read.push(...batch);
  })().catch((error: unknown) => error);
  expect(read).toHaveLength(1);
  expect(failure).toMatchObject({ code: "upstream_error", message: "The server failed with status 200." });
  expect(failure).toMatchObject({ upstreamMessage: '{"error":"broken"}', upstreamStatus: 200 });
});

it("a reply of another shape, too", async () => {
  await expect(hostAnswering("[]").tags()).rejects.toMatchObject({ code: "upstream_error", upstreamMessage: "[]" });
});

it("a failed connection is told as the transport does", async () => {
  const error = new ProviderError({ code: "upstream_connection_failed", message: "It failed." });
  const host = createOllamaHost({ transport: () => Promise.reject(error) });
  await expect(host.version()).rejects.toBe(error);
});
