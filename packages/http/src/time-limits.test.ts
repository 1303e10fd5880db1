import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { serveHttp } from "../test/servers.ts";
import { createTransport } from "./create-transport.ts";

// A file of its own: undici must be loaded after the clock is replaced, or its timers stay real.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

describe("a slow upstream", () => {
  it("L5: may take longer than undici's 300 s for its headers, and again inside its body", async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    const server = await serveHttp((_, response) => asked.resolve(response));
    const exchange = createTransport()({ method: "POST", url: server.url, body: "{}" });
    const response = await asked.promise;
    await vi.advanceTimersByTimeAsync(310_000);
    response.write("slow");
    const reader = (await exchange).body[Symbol.asyncIterator]();
    expect(Buffer.from((await reader.next()).value).toString()).toBe("slow");
    const read = reader.next();
    await vi.advanceTimersByTimeAsync(310_000);
    response.end("er");
    expect(Buffer.from((await read).value).toString()).toBe("er");
    expect((await reader.next()).done).toBe(true);
  });
});
