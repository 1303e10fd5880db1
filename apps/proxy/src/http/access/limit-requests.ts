import type { Allowance, LimitStore } from "@llamaduct/router";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { KeyConfig } from "../../config/proxy-config.ts";
import { HttpError } from "../answer/http-error.ts";
import { onClosed } from "../answer/on-closed.ts";

const WINDOW_MS = 60_000;

/**
 * Holds requests to `limited` routes to the limits of their key, and of the proxy. What a request used is told in
 * `x-ratelimit-*`. The master key has no limits but the proxy's.
 */
export function limitRequests(app: FastifyInstance, store: LimitStore): void {
  const underWay = new Map<string, number>();

  /** A place among those that may ask at a time, until the response is over. */
  function occupy(name: string, limit: number | undefined, { raw }: FastifyReply): void {
    const count = underWay.get(name) ?? 0;
    if (limit !== undefined && count >= limit) throw tooManyAtOnce(limit);
    underWay.set(name, count + 1);
    onClosed(raw, () => {
      const left = (underWay.get(name) ?? 0) - 1;
      if (left > 0) underWay.set(name, left);
      else underWay.delete(name);
    });
  }

  async function use(key: KeyConfig, reply: FastifyReply): Promise<void> {
    const { name, rpm, tpm } = key;
    // What a request will cost in tokens is known at its end; until then it costs one, so that a key with none left waits.
    const limits = [
      { what: "tokens", limit: tpm, litellm: "x-litellm-key-tpm-limit" },
      { what: "requests", limit: rpm, litellm: "x-litellm-key-rpm-limit" },
    ] as const;
    for (const { what, limit, litellm } of limits) {
      if (limit === undefined) continue;
      const allowance = await store.use({ key: counter(name, what), amount: 1, limit, windowMs: WINDOW_MS });
      reply.headers({ [litellm]: String(limit), ...toHeaders(what, limit, allowance) });
      if (!allowance.allowed) throw tooMany(what, limit, allowance);
    }
  }

  async function limitKey(key: KeyConfig, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { maxParallelRequests } = request.served.server;
    occupy(`key ${key.name}`, key.maxParallelRequests ?? maxParallelRequests, reply);
    await use(key, reply);
    onClosed(reply.raw, () => charge(request, key, store));
  }

  app.addHook("onRequest", (request, reply, done) => {
    if (request.routeOptions.config.limited !== true) return done();
    const { asker, served } = request;
    occupy("proxy", served.server.globalMaxParallelRequests, reply);
    // Only a key's own limits are counted where it may take time.
    if (asker.key === undefined) return done();
    limitKey(asker.key, request, reply).then(() => done(), done);
  });
}

function charge({ notes, log }: FastifyRequest, key: KeyConfig, store: LimitStore): void {
  const tokens = (notes.inputTokens ?? 0) + (notes.outputTokens ?? 0) - 1;
  if (key.tpm === undefined || tokens <= 0) return;
  store.add({ key: counter(key.name, "tokens"), amount: tokens, windowMs: WINDOW_MS }).catch((error) => {
    log.warn({ err: error }, "tokens not counted");
  });
}

function counter(name: string, what: "requests" | "tokens"): string {
  return `key:${name}:${what}`;
}

/** OpenAI's headers; its reset is a duration in words, `12s`. */
function toHeaders(what: string, limit: number, { remaining, resetMs }: Allowance): Record<string, string> {
  return {
    [`x-ratelimit-limit-${what}`]: String(limit),
    [`x-ratelimit-remaining-${what}`]: String(remaining),
    [`x-ratelimit-reset-${what}`]: `${Math.ceil(resetMs / 1000)}s`,
  };
}

function tooMany(what: string, limit: number, { resetMs }: Allowance): HttpError {
  const seconds = Math.max(1, Math.ceil(resetMs / 1000));
  const message = `This key may use ${limit} ${what} a minute. Try again in ${seconds} s.`;
  const headers = { "retry-after": String(seconds), "retry-after-ms": String(Math.max(1, Math.ceil(resetMs))) };
  return new HttpError("rate_limit_exceeded", message, { headers });
}

function tooManyAtOnce(limit: number): HttpError {
  const message = `No more than ${limit} requests may be under way at a time. Try again when one has ended.`;
  return new HttpError("concurrency_limit_exceeded", message, { headers: { "retry-after": "1" } });
}
