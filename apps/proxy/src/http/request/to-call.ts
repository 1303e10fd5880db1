import type { FastifyReply, FastifyRequest } from "fastify";
import type { LlamaductCall } from "llamaduct";
import { observeCalls } from "../../observe/observe-calls.ts";
import { holdsKey } from "../access/read-key.ts";
import { clientGone } from "../answer/client-gone.ts";
import { HttpError } from "../answer/http-error.ts";
import { via } from "./refuse-loops.ts";

type Headers = Readonly<Record<string, string>>;

/** What a request's headers, its key and its connection say beside its body. Throws `invalid_value`. */
export function toCall(request: FastifyRequest, reply: FastifyReply): LlamaductCall {
  const { notes, asker, served } = request;
  const { forwardClientHeaders, keyHeader } = served.server;
  const headers = withoutSecrets(request, keyHeader);
  return {
    signal: clientGone(reply.raw, request.server.ending),
    headers: { ...(forwardClientHeaders === true && forwarded(headers)), via: via(request) },
    timeoutMs: milliseconds(headers, "x-litellm-timeout"),
    streamTimeoutMs: milliseconds(headers, "x-litellm-stream-timeout"),
    retries: wholeNumber(headers, "x-litellm-num-retries"),
    tags: list(headers["x-litellm-tags"]),
    session: session(headers),
    caller: asker.name,
    requestHeaders: headers,
    onAttempt: (attempt) => {
      notes.attempts.push(attempt);
    },
    attemptHeaders: notes.trace?.attempt,
    observer: observeCalls(request),
  };
}

/** The same for a question about models, which is about nothing else. */
export function toLookup(request: FastifyRequest, reply: FastifyReply): Pick<LlamaductCall, "signal" | "headers"> {
  return { signal: clientGone(reply.raw), headers: { via: via(request) } };
}

/** Who the client says its user is: the operator's headers first, then LiteLLM's, then OpenAI's field. */
export function toEndUser({ headers, served }: FastifyRequest, body: unknown): string | undefined {
  const names = [...(served.server.userHeaders ?? []), "x-litellm-customer-id", "x-litellm-end-user-id"];
  const named = names.map((name) => headers[name]).find((value) => typeof value === "string" && value !== "");
  const user = named ?? (body as { user?: unknown } | null | undefined)?.user;
  return typeof user === "string" ? user.slice(0, 256) : undefined;
}

/** The client's headers as texts, without any that may hold a key. */
function withoutSecrets({ headers }: FastifyRequest, keyHeader: string | undefined): Headers {
  // Without a prototype, as Node's own: a header may have any name.
  const kept: Record<string, string> = Object.create(null);
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || SECRET.has(name) || holdsKey(name, keyHeader)) continue;
    kept[name] = typeof value === "string" ? value : value.join(", ");
  }
  return kept;
}

const SECRET: ReadonlySet<string> = new Set(["cookie", "proxy-authorization"]);

/** LiteLLM forwards `x-…`; what is about this hop, or the client's library, is not for the next one. */
function forwarded(headers: Headers): Headers {
  const isMeant = (name: string) => name.startsWith("x-") && !/^x-(stainless|litellm|forwarded|real-ip)/.test(name);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isMeant(name)));
}

/** A conversation's name, in the headers of LiteLLM, coding agents (`x-claude-code-session-id`) and Open WebUI. */
function session(headers: Headers): string | undefined {
  const vendor = Object.keys(headers).find(
    (name) => /^x-(.+-)?session-id$/.test(name) && !name.startsWith("x-litellm-"),
  );
  const names = ["x-litellm-session-id", "x-litellm-trace-id", vendor ?? "", "x-openwebui-chat-id"];
  return names.map((name) => headers[name]).find((value) => value !== undefined && value !== "");
}

/** A longer timer would go off at once. */
const MAX_SECONDS = 2_147_483;

function milliseconds(headers: Headers, name: string): number | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  const seconds = value.trim() === "" ? Number.NaN : Number(value);
  if (!(seconds > 0 && seconds <= MAX_SECONDS))
    throw invalidHeader(name, `a number of seconds above 0, at most ${MAX_SECONDS}`);
  return seconds * 1000;
}

function wholeNumber(headers: Headers, name: string): number | undefined {
  const value = headers[name];
  if (value === undefined) return undefined;
  if (!/^\d{1,3}$/.test(value)) throw invalidHeader(name, "a whole number");
  return Number(value);
}

function list(value: string | undefined): readonly string[] | undefined {
  const items = value?.split(",").map((item) => item.trim());
  return items?.filter((item) => item !== "");
}

function invalidHeader(name: string, expected: string): HttpError {
  return new HttpError("invalid_value", `The header ${name} must be ${expected}.`);
}
