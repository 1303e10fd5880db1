import Fastify from "fastify";
import { createLlamaduct } from "llamaduct";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Served } from "../http/served.ts";
import { createCurrent } from "./create-current.ts";

it("closes an engine when its last request has ended, and not before", async () => {
  const [first, second] = [served(), served()];
  const current = createCurrent(first);
  const { url, answer } = await listen(current);
  const asking = [fetch(url), fetch(url)];
  await vi.waitFor(() => expect(answer.length).toBe(2));
  current.replace(second);
  expect(current.get()).toBe(second);
  answer.shift()?.();
  await Promise.race(asking);
  expect(first.engine.close).not.toHaveBeenCalled();
  answer.shift()?.();
  await Promise.all(asking);
  await vi.waitFor(() => expect(first.engine.close).toHaveBeenCalledOnce());
  expect(second.engine.close).not.toHaveBeenCalled();
});

it("closes one that nobody uses at once, and one whose client has gone", async () => {
  const [first, second, third] = [served(), served(), served()];
  const current = createCurrent(first);
  const { url, answer } = await listen(current);
  current.replace(second);
  expect(first.engine.close).toHaveBeenCalledOnce();
  const client = new AbortController();
  const asking = fetch(url, { signal: client.signal });
  await vi.waitFor(() => expect(answer.length).toBe(1));
  current.replace(third);
  expect(second.engine.close).not.toHaveBeenCalled();
  client.abort();
  await expect(asking).rejects.toThrow();
  await vi.waitFor(() => expect(second.engine.close).toHaveBeenCalledOnce());
});

it("keeps the engine open that is served, however many requests have ended", async () => {
  const first = served();
  const { url, answer } = await listen(createCurrent(first));
  const asking = fetch(url);
  await vi.waitFor(() => expect(answer.length).toBe(1));
  answer.shift()?.();
  await (await asking).text();
  expect(first.engine.close).not.toHaveBeenCalled();
});

function served(): Served {
  return { engine: { ...createLlamaduct(), close: vi.fn<() => void>() }, server: {} };
}

/** An app whose only route answers when it is told to. */
async function listen(current: ReturnType<typeof createCurrent>) {
  const app = Fastify();
  const answer: (() => void)[] = [];
  app.addHook("onRequest", async (request) => {
    request.served = current.get();
  });
  app.get("/", (_, reply) => void answer.push(() => void reply.send("done")));
  current.watch(app);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  onTestFinished(() => app.close());
  return { url, answer };
}
