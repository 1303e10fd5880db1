import { isDeepStrictEqual } from "node:util";
import type { Gateway } from "./gateway.ts";

export interface Call {
  readonly index?: number;
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: string };
}
export interface Message {
  readonly content?: string | null;
  readonly reasoning_content?: string | null;
  readonly tool_calls?: readonly Call[] | null;
}
export interface Choice {
  readonly index: number;
  readonly message: Message;
  readonly delta: Message;
  readonly text: string;
  readonly logprobs?: { readonly content?: readonly unknown[] } | null;
  readonly finish_reason: string | null;
}
export interface Answer {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly usage?: Readonly<Record<string, number>> | null;
  readonly data: readonly { readonly id: string; readonly embedding: readonly number[] | string }[];
  readonly error?: {
    readonly message?: string;
    readonly type?: string;
    readonly code?: string;
    readonly param?: string;
  };
}

export function ok(value: unknown, problem: string): asserts value {
  if (!value) throw new Error(problem);
}

export function same(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected))
    throw new Error(`${what}: ${JSON.stringify(actual) ?? "none"}, not ${JSON.stringify(expected)}`);
}

export async function post(gateway: Gateway, path: string, body?: object): Promise<{ status: number; body: Answer }> {
  const response = await gateway.fetch(path, body);
  // What is not of this shape fails in the checks.
  return { status: response.status, body: (await response.json()) as Answer };
}

export async function chat(gateway: Gateway, request: object): Promise<Answer> {
  const { status, body } = await post(gateway, "/v1/chat/completions", request);
  ok(status === 200, `${status}: ${body.error?.message}`);
  return body;
}

export interface Streamed {
  readonly chunks: readonly Answer[];
  readonly error: Answer["error"];
  readonly done: boolean;
}

export async function stream(gateway: Gateway, body: object, path = "/v1/chat/completions"): Promise<Streamed> {
  const response = await gateway.fetch(path, { ...body, stream: true });
  const text = await response.text();
  ok(response.status === 200, `${response.status}: ${text}`);
  const data = text.split("\n").filter((line) => line.startsWith("data: "));
  const lines = data.map((line) => line.slice("data: ".length));
  const events = lines.filter((line) => line !== "[DONE]").map((line) => JSON.parse(line) as Answer);
  return {
    chunks: events.filter(({ choices }) => choices !== undefined),
    error: events.find(({ error }) => error !== undefined)?.error,
    done: lines.includes("[DONE]"),
  };
}

/** Leaves once the model generates, and wants the gateway to leave it, too. */
export async function leave(gateway: Gateway, request: object): Promise<void> {
  gateway.relay.forget();
  gateway.relay.slowNext();
  const leaving = new AbortController();
  const asked = gateway
    .fetch("/v1/chat/completions", request, { signal: leaving.signal })
    .then((response) => response.text());
  asked.catch(() => {}); // It is left on purpose.
  let generating = gateway.relay.seen.find(({ path }) => path === "/api/chat");
  for (const until = Date.now() + 10_000; generating === undefined && Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    generating = gateway.relay.seen.find(({ path }) => path === "/api/chat");
  }
  leaving.abort();
  same("what Ollama generates", await generating?.ended, "left");
}

export function textOf(chunks: readonly Answer[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta?.content ?? "").join("");
}

export function finishes(chunks: readonly Answer[]): readonly string[] {
  return chunks.flatMap(({ choices }) => choices.flatMap(({ finish_reason: reason }) => (reason ? [reason] : [])));
}

/** Calls as a client puts them together: by their index. */
export function callsOf(chunks: readonly Answer[]) {
  const calls = new Map<number, { index: number; ids: Set<string>; name: string; args: string }>();
  for (const delta of chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? [])) {
    ok(delta.index !== undefined, "a call without an index");
    const call = calls.get(delta.index) ?? { index: delta.index, ids: new Set(), name: "", args: "" };
    if (delta.id) call.ids.add(delta.id);
    call.name += delta.function?.name ?? "";
    call.args += delta.function?.arguments ?? "";
    calls.set(delta.index, call);
  }
  for (const { ids } of calls.values()) same("ids of a call", ids.size, 1);
  return [...calls.values()];
}
