import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { line } from "./ndjson.ts";

export interface HeldUpstream {
  readonly url: string;
  /** Chats that have begun and not ended. */
  readonly held: () => number;
  /** Ends them all. */
  release(): void;
}

/** An Ollama whose chats begin at once, with `first`, and end with ` last` when the test says so. */
export async function heldUpstream(): Promise<HeldUpstream> {
  const held = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === "/api/tags") return void response.end('{"models":[]}');
    if (request.url !== "/api/chat") return void response.writeHead(404).end();
    held.add(response);
    response.on("close", () => held.delete(response));
    response.write(line({ content: "first" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    held: () => held.size,
    release() {
      const end = { message: { role: "assistant", content: " last" }, done: true, done_reason: "stop" };
      for (const response of held) response.end(`${JSON.stringify(end)}\n`);
    },
  };
}
