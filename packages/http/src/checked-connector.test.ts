import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net, { type LookupFunction } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { serveHttp, serveRaw } from "../test/servers.ts";
import { createTransport } from "./create-transport.ts";
import { readText } from "./read-text.ts";

const isLoopback = (address: string): boolean => address === "127.0.0.1";

/** The system's resolver, with the answers of one test: each call takes the next list, the last one stays. */
function resolveTo(...answers: readonly (readonly string[])[]): void {
  let calls = 0;
  const lookup: LookupFunction = (_hostname, _options, callback) => {
    const addresses = answers[Math.min(calls++, answers.length - 1)] ?? [];
    queueMicrotask(() =>
      callback(
        null,
        addresses.map((address) => ({ address, family: net.isIP(address) })),
      ),
    );
  };
  vi.spyOn(dns, "lookup").mockImplementation(lookup as typeof dns.lookup);
  syncBuiltinESMExports();
}

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

describe("allowAddress", () => {
  it("lets an allowed address through, by name, as a literal and as localhost", async () => {
    const server = await serveHttp((_, response) => response.end("ok"));
    resolveTo(["127.0.0.1"]);
    const asked: string[] = [];
    const transport = createTransport({
      allowAddress: (address) => {
        asked.push(address);
        return true;
      },
    });
    for (const host of ["images.example", "127.0.0.1", "localhost"]) {
      const { body } = await transport({ method: "GET", url: `http://${host}:${server.port}/` });
      expect(await readText(body)).toBe("ok");
    }
    const literal = ["127.0.0.1", "127.0.0.1"];
    expect(asked).toEqual(["127.0.0.1", "127.0.0.1", ...literal, "127.0.0.1", "::1", "127.0.0.1"]);
  });

  it.each([
    ["an IPv4 literal", "127.0.0.1", []],
    ["an IPv6 literal", "[::1]", []],
    ["a mapped literal", "[::ffff:7f00:1]", []],
    ["localhost", "localhost", []],
    ["localhost with a dot", "localhost.", ["127.0.0.1"]],
    ["a name", "images.example", ["127.0.0.1"]],
    ["a name with one bad address", "images.example", ["93.184.216.34", "127.0.0.1"]],
    ["a name with one bad address first", "images.example", ["127.0.0.1", "93.184.216.34"]],
  ])("refuses %s and opens no connection", async (_, host, addresses) => {
    const server = await serveHttp((_request, response) => response.end("secret"));
    resolveTo(addresses);
    const transport = createTransport({ allowAddress: (address) => address === "93.184.216.34" });
    await expect(transport({ method: "GET", url: `http://${host}:${server.port}/` })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      message: `${host}:${server.port} has an address that this transport must not connect to.`,
    });
    expect(server.sockets).toHaveLength(0);
  });

  it("connects to the addresses that it checked, whatever the name resolves to a moment later", async () => {
    const server = await serveHttp((_, response) => response.end("ok"));
    resolveTo(["127.0.0.1"], ["10.0.0.1"]);
    const transport = createTransport({ allowAddress: isLoopback });
    const request = { method: "GET", url: `http://rebind.example:${server.port}/`, headers: { connection: "close" } };
    expect((await transport({ ...request, method: "GET" })).status).toBe(200);
    expect(dns.lookup).toHaveBeenCalledTimes(1);
    await expect(transport({ ...request, method: "GET" })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      cause: { code: "ADDRESS_REFUSED" },
    });
  });

  it("asks about the peer before anything is sent to it", async () => {
    const requests: string[] = [];
    const server = await serveRaw(({ text }) => requests.push(text));
    let asked = 0;
    const transport = createTransport({ allowAddress: () => ++asked === 1 });
    await expect(transport({ method: "GET", url: server.url })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      cause: { code: "ADDRESS_REFUSED" },
    });
    await vi.waitFor(() => expect(server.sockets.map(({ destroyed }) => destroyed)).toEqual([true]));
    expect([asked, requests]).toEqual([2, []]);
  });

  it("refuses where the check itself fails", async () => {
    resolveTo(["127.0.0.1"]);
    const broken = new Error("not an address");
    const transport = createTransport({
      allowAddress: () => {
        throw broken;
      },
    });
    await expect(transport({ method: "GET", url: "http://images.example/" })).rejects.toMatchObject({
      code: "upstream_connection_failed",
      cause: { cause: broken },
    });
  });

  it("tells a name that does not resolve apart", async () => {
    await expect(
      createTransport({ allowAddress: isLoopback })({ method: "GET", url: "http://no-such-host.invalid/" }),
    ).rejects.toMatchObject({ message: "The name of no-such-host.invalid:80 could not be resolved." });
  });
});
