import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { countConnects } from "../test/connects.ts";
import { fakeDns } from "../test/fake-dns.ts";
import { bytesOf, GIF, JPEG, PNG, WEBP } from "../test/images.ts";
import { serve, type TestServer } from "../test/server.ts";
import * as publicAddress from "./public-address.ts";
import { createRemoteImages, type RemoteImageOptions } from "./remote-images.ts";

// Every other address is judged as it is: no test machine has a public one to connect to.
const isReallyPublic = publicAddress.isPublicAddress;
let loopbackIsPublic = true;
vi.mock(import("./public-address.ts"), { spy: true });
beforeEach(() => {
  loopbackIsPublic = true;
  vi.mocked(publicAddress.isPublicAddress).mockImplementation(
    (address) => (loopbackIsPublic && address === "127.0.0.1") || isReallyPublic(address),
  );
});

const never = new AbortController().signal;

function reader(server: Pick<TestServer, "port">, options: RemoteImageOptions = {}) {
  const openRequest = createRemoteImages({ allowHttp: true, ports: [server.port], ...options }, 0);
  return (source: string, signal: AbortSignal = never): Promise<string> =>
    openRequest([])({ source, setting: "x" }, signal);
}

const generic = {
  code: "invalid_value",
  setting: "x",
  message:
    "x could not be fetched. It must be a PNG, JPEG, WebP or GIF at a public https URL, of at most 5242880 bytes, " +
    "and there within 8 s.",
};

function because(reason: RegExp) {
  return { code: "invalid_value", setting: "x", cause: { message: expect.stringMatching(reason) } };
}

const sendPng = (response: ServerResponse): void =>
  void response.writeHead(200, { "content-type": "image/png" }).end(bytesOf(PNG));

async function expectAllClosed(server: TestServer): Promise<void> {
  await vi.waitFor(() => expect(server.sockets.every(({ destroyed }) => destroyed)).toBe(true));
}

describe("addresses", () => {
  const forms = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "127.8.9.10",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "%31%32%37.0.0.1",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fc00::1]",
    "[fe80::1]",
    "[fec0::1]",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "a.localhost",
    "loopback.example",
    "loopback.example.",
    "metadata.example",
    "private6.example",
    "mapped.example",
    "mixed.example",
    "unknown.example",
    "user@127.0.0.1",
    "public.example@127.0.0.1",
    "public.example%2f@127.0.0.1",
    "loopback.example\\@public.example",
    "loopback.example#@public.example",
    "loopback.example?@public.example",
  ];

  it.each(forms)("H2: http://%s/ is refused, and nothing is connected to", async (host) => {
    loopbackIsPublic = false;
    fakeDns({
      "loopback.example": [["127.0.0.1"]],
      "metadata.example": [["169.254.169.254"]],
      "private6.example": [["fd00:ec2::254"]],
      "mapped.example": [["::ffff:10.0.0.1"]],
      "mixed.example": [["93.184.216.34", "127.0.0.1"]],
    });
    const connects = countConnects();
    for (const url of [`http://${host}/`, `https://${host}/`]) {
      await expect(reader({ port: 8080 })(url)).rejects.toMatchObject(generic);
    }
    expect(connects()).toBe(0);
  });

  it("H2: a name that turns private after its check is refused at the next connection", async () => {
    const server = await serve((_, response) =>
      response.writeHead(302, { location: `http://rebind.example:${server.port}/secret` }).end(),
    );
    fakeDns({ "rebind.example": [["127.0.0.1"], ["10.0.0.1"]] });
    const connects = countConnects();
    await expect(reader(server)(`http://rebind.example:${server.port}/`)).rejects.toMatchObject(
      because(/address that this transport must not connect to/),
    );
    expect([connects(), server.sockets.length]).toEqual([1, 1]);
  });

  it("tells a refused address, a closed port, an unknown name and a missing page in the same words, after the same time", async () => {
    const server = await serve((_, response) => response.writeHead(404).end());
    const closed = await serve((_, response) => response.end());
    fakeDns({ "images.example": [["127.0.0.1"]] });
    const openRequest = createRemoteImages({ allowHttp: true, ports: [server.port, 1] }, 150);
    const urls = [
      "http://10.0.0.1/",
      "http://127.0.0.1:1/",
      "http://unknown.example/",
      `${server.url}/missing`,
      `${closed.url}/`,
      "http://user@images.example/",
    ];
    for (const source of urls) {
      const startedAt = performance.now();
      await expect(openRequest([])({ source, setting: "x" }, never)).rejects.toMatchObject(generic);
      // Timers may fire up to a millisecond early.
      expect(performance.now() - startedAt).toBeGreaterThan(148);
    }
  });
});

describe("answers", () => {
  it.each([
    ["image/png", PNG],
    ["image/jpeg", JPEG],
    ["image/webp", WEBP],
    ["image/gif", GIF],
    ["Image/PNG; charset=binary", PNG],
  ])("H2: %s gives the bytes of the file", async (type, data) => {
    const server = await serve((_, response) => response.writeHead(200, { "content-type": type }).end(bytesOf(data)));
    expect(await reader(server)(`${server.url}/a.png`)).toBe(data);
  });

  it("H2: sends nothing of the caller's", async () => {
    let received: IncomingHttpHeaders | undefined;
    const server = await serve((request, response) => {
      received = request.headers;
      sendPng(response);
    });
    fakeDns({ "images.example": [["127.0.0.1"]] });
    await reader(server)(`http://images.example:${server.port}/a.png?b=c`);
    expect(received).toEqual({
      host: `images.example:${server.port}`,
      accept: "image/png, image/jpeg, image/webp, image/gif",
      "accept-encoding": "identity",
      "user-agent": "llamaduct",
      connection: "close",
    });
    await expectAllClosed(server);
  });

  const faults: [string, (response: ServerResponse) => unknown, RegExp][] = [
    ["404", (response) => response.writeHead(404, { "content-type": "image/png" }).end(bytesOf(PNG)), /answer is 404/],
    ["206", (response) => response.writeHead(206, { "content-type": "image/png" }).end(bytesOf(PNG)), /answer is 206/],
    ["304", (response) => response.writeHead(304).end(), /answer is 304/],
    ["no content type", (response) => response.end(bytesOf(PNG)), /content type/],
    ["a PNG as text", (response) => response.setHeader("content-type", "text/html").end(bytesOf(PNG)), /content type/],
    [
      "HTML as image/png",
      (response) => response.setHeader("content-type", "image/png").end("<!doctype html><title>secret</title>"),
      /bytes are not/,
    ],
    ["a PNG as image/jpeg", (response) => response.setHeader("content-type", "image/jpeg").end(bytesOf(PNG)), /bytes/],
    ["an empty image", (response) => response.setHeader("content-type", "image/png").end(), /bytes are not/],
    [
      "an SVG",
      (response) =>
        response.setHeader("content-type", "image/svg+xml").end('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      /content type/,
    ],
    [
      "a gzip bomb",
      (response) =>
        response.writeHead(200, { "content-type": "image/png", "content-encoding": "gzip" }).write("\x1f\x8b"),
      /encoded response/,
    ],
    [
      "6 MiB by its length",
      (response) =>
        response.writeHead(200, { "content-type": "image/png", "content-length": 6 * 1024 * 1024 }).write("a"),
      /larger than 5242880 bytes/,
    ],
    [
      "6 MiB without a length",
      (response) => response.writeHead(200, { "content-type": "image/png" }).write(Buffer.alloc(6 * 1024 * 1024)),
      /larger than 5242880 bytes/,
    ],
    ["a broken connection", (response) => response.socket?.destroy(), /failed before it answered/],
  ];

  it.each(faults)("H2: %s is refused, and its connection closed", async (_, answer, reason) => {
    const server = await serve((_request, response) => void answer(response));
    const reading = reader(server)(server.url);
    await expect(reading).rejects.toMatchObject(generic);
    await expect(reading).rejects.toMatchObject(because(reason));
    await expectAllClosed(server);
  });

  it("H2: a drip of bytes ends with the time for one image", async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { "content-type": "image/png" });
      const drip = setInterval(() => response.write("a"), 10);
      response.on("close", () => clearInterval(drip));
    });
    await expect(reader(server, { totalTimeoutMs: 200 })(server.url)).rejects.toMatchObject(because(/took too long/));
    await expectAllClosed(server);
  });

  it("H2: silence ends with the time for headers", async () => {
    const server = await serve(() => {});
    await expect(reader(server, { headersTimeoutMs: 50 })(server.url)).rejects.toMatchObject(because(/headers took/));
    await expectAllClosed(server);
  });
});

describe("redirects", () => {
  function hops(port: () => number, count: number): (path: string | undefined, response: ServerResponse) => void {
    return (path, response) => {
      const hop = Number(path?.slice(1));
      if (hop < count) response.writeHead(302, { location: `http://127.0.0.1:${port()}/${hop + 1}` }).end("moved");
      else sendPng(response);
    };
  }

  it("H2: three are followed, and all their connections closed", async () => {
    const answer = hops(() => server.port, 3);
    const server: TestServer = await serve(({ url }, response) => answer(url, response));
    expect(await reader(server)(`${server.url}/0`)).toBe(PNG);
    expect(server.sockets).toHaveLength(4);
    await expectAllClosed(server);
  });

  it("H2: four are too many, and so is a loop", async () => {
    const answer = hops(() => server.port, 4);
    const server: TestServer = await serve(({ url }, response) => {
      if (url === "/loop") response.writeHead(307, { location: "/loop" }).end();
      else answer(url, response);
    });
    for (const path of ["/0", "/loop"]) {
      await expect(reader(server)(server.url + path)).rejects.toMatchObject(because(/more than 3 redirects/));
    }
    expect(server.sockets).toHaveLength(8);
    await expectAllClosed(server);
  });

  it.each([301, 302, 303, 307, 308])("H2: %i to a relative URL", async (status) => {
    const server = await serve(({ url }, response) => {
      if (url === "/a/b") response.writeHead(status, { location: "../c" }).end();
      else sendPng(response);
    });
    expect(await reader(server)(`${server.url}/a/b`)).toBe(PNG);
  });

  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::1]/",
    "http://2852039166/",
    "http://metadata.example/",
    "http://user:password@127.0.0.1/",
    "http://127.0.0.1:22/",
    "file:///etc/passwd",
    "data:image/png;base64,iVBORw0KGgo=",
    "http://",
    "//localhost/",
  ])("H2: one to %s is refused, and not connected to", async (location) => {
    const server = await serve((_, response) => response.writeHead(302, { location }).end());
    fakeDns({ "metadata.example": [["169.254.169.254"]] });
    const connects = countConnects();
    await expect(reader(server)(server.url)).rejects.toMatchObject(generic);
    expect(connects()).toBe(1);
    await expectAllClosed(server);
  });

  it("H2: one without a location is refused", async () => {
    const server = await serve((_, response) => response.writeHead(302).end());
    await expect(reader(server)(server.url)).rejects.toMatchObject(generic);
    expect(server.sockets).toHaveLength(1);
  });
});

describe("limits of a request", () => {
  it("names the first image URL that is too many, before any is fetched", () => {
    const openRequest = createRemoteImages({ maxImages: 2 });
    const urls = ["a", "b", "c"].map((setting) => ({ source: "https://images.example/", setting }));
    expect(() => openRequest(urls)).toThrow(
      expect.objectContaining({ setting: "c", message: "c is one too many: 2 image URLs are allowed in a request." }),
    );
    expect(() => openRequest(urls.slice(1))).not.toThrow();
  });

  it("counts the bytes of all images of a request together, and of no other request", async () => {
    const server = await serve((_, response) => sendPng(response));
    const size = bytesOf(PNG).byteLength;
    const openRequest = createRemoteImages({ allowHttp: true, ports: [server.port], maxTotalBytes: 2 * size }, 0);
    const image = { source: server.url, setting: "x" };
    for (const _ of [1, 2]) {
      const fetchImage = openRequest([image, image, image]);
      expect(await fetchImage(image, never)).toBe(PNG);
      expect(await fetchImage(image, never)).toBe(PNG);
      await expect(fetchImage(image, never)).rejects.toMatchObject(because(/images of the request/));
    }
  });

  it("runs so many fetches at a time, and the next when one is over", async () => {
    const waiting: ServerResponse[] = [];
    const server = await serve((_, response) => void waiting.push(response));
    const fetchImage = reader(server, { maxConcurrent: 2 });
    const fetches = [1, 2, 3].map(() => fetchImage(server.url));
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    expect(server.sockets).toHaveLength(2);
    for (const response of waiting.splice(0)) sendPng(response);
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    for (const response of waiting) sendPng(response);
    expect(await Promise.all(fetches)).toEqual([PNG, PNG, PNG]);
  });
});

describe("abort", () => {
  it("rejects with the reason itself and closes the connection", async () => {
    const controller = new AbortController();
    const reason = { left: true };
    const server = await serve(() => controller.abort(reason));
    await expect(reader(server)(server.url, controller.signal)).rejects.toBe(reason);
    await expectAllClosed(server);
  });

  it("rejects with the reason itself while a failure waits for its time", async () => {
    const controller = new AbortController();
    const fetchImage = createRemoteImages({}, 60_000)([]);
    const reading = fetchImage({ source: "https://10.0.0.1/" }, controller.signal);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort("gone");
    await expect(reading).rejects.toBe("gone");
  });

  it("rejects with the reason itself while it waits for its turn, which goes to the next", async () => {
    const waiting: ServerResponse[] = [];
    const server = await serve((_, response) => void waiting.push(response));
    const fetchImage = reader(server, { maxConcurrent: 1 });
    const first = fetchImage(server.url);
    const controller = new AbortController();
    const second = fetchImage(server.url, controller.signal);
    const third = fetchImage(server.url);
    controller.abort("gone");
    await expect(second).rejects.toBe("gone");
    for (const _ of [1, 2]) {
      await vi.waitFor(() => expect(waiting).toHaveLength(1));
      for (const response of waiting.splice(0)) sendPng(response);
    }
    expect(await Promise.all([first, third])).toEqual([PNG, PNG]);
    expect(server.sockets).toHaveLength(2);
  });
});
