import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, it, onTestFinished } from "vitest";
import { closedPort, serveHttp } from "../test/servers.ts";
import { createTransport } from "./create-transport.ts";
import { readText } from "./read-text.ts";
import { EXCHANGE_CHANNEL, type ExchangeEvent } from "./report-exchange.ts";

const afterMs = expect.any(Number);

it("tells what is sent and what comes back, keys masked", async () => {
  const events = listen();
  const server = await serveHttp((_, response) => {
    response.setHeader("set-cookie", "session=1");
    response.end('{"done":true}');
  });
  const { body } = await createTransport()({
    method: "POST",
    url: `${server.url}/api/chat?api_key=abc&x=1`,
    headers: { authorization: "Bearer sk-0123456789abcdefghij", "x-api-key": "short", "content-type": "a/b" },
    body: '{"prompt":"hi"}',
  });
  expect(await readText(body)).toBe('{"done":true}');
  const [request, response, ...rest] = events;
  const { id } = request ?? {};
  expect(request).toEqual({
    type: "request",
    id: expect.any(String),
    method: "POST",
    url: `${server.url}/api/chat?api_key=***&x=1`,
    headers: { authorization: "Bearer ***ghij", "x-api-key": "***", "content-type": "a/b" },
    body: '{"prompt":"hi"}',
  });
  expect(response).toMatchObject({ type: "response", id, status: 200, afterMs });
  expect(response).toHaveProperty("headers.set-cookie", "***");
  expect(rest).toEqual([
    { type: "data", id, bytes: Buffer.from('{"done":true}') },
    { type: "end", id, afterMs },
  ]);
});

it("shows no part of a password", async () => {
  const events = listen();
  const server = await serveHttp((_, response) => response.end());
  const authorization = `Basic ${Buffer.from("user:a-rather-long-password").toString("base64")}`;
  await createTransport()({ method: "GET", url: server.url, headers: { authorization } });
  expect(events[0]).toMatchObject({ headers: { authorization: "Basic ***" } });
});

it("ends once with what went wrong, and when a body is left", async () => {
  const events = listen();
  const transport = createTransport();
  await expect(transport({ method: "GET", url: `http://127.0.0.1:${await closedPort()}` })).rejects.toThrow();
  expect(events.splice(0)).toMatchObject([
    { type: "request" },
    { type: "end", error: { code: "upstream_connection_failed" } },
  ]);

  const cut = await serveHttp((_, response) => {
    response.write("part", () => response.destroy());
  });
  const { body } = await transport({ method: "GET", url: cut.url });
  await expect(readText(body)).rejects.toThrow();
  expect(events.splice(0).filter(({ type }) => type === "end")).toMatchObject([
    { error: { code: "upstream_stream_interrupted" } },
  ]);

  const endless = await serveHttp((_, response) => void response.write("part"));
  for await (const _ of (await transport({ method: "GET", url: endless.url })).body) break;
  expect(events.filter(({ type }) => type === "end")).toEqual([{ type: "end", id: expect.any(String), afterMs }]);
});

it("gives the transport's own body while nobody listens", async () => {
  const server = await serveHttp((_, response) => response.end("whole"));
  const { body } = await createTransport()({ method: "GET", url: server.url });
  expect(body.constructor.name).not.toBe("Object");
});

function listen(): ExchangeEvent[] {
  const events: ExchangeEvent[] = [];
  const listener = (event: unknown) => {
    // The channel carries nothing else.
    events.push(event as ExchangeEvent);
  };
  subscribe(EXCHANGE_CHANNEL, listener);
  onTestFinished(() => void unsubscribe(EXCHANGE_CHANNEL, listener));
  return events;
}
