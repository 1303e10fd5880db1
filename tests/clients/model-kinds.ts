import type { Emulator, Reply } from "@llamaduct/ollama-emulator";
import { expect } from "vitest";

/** One turn of a model that may call or answer as it likes. */
export type Turn = "call" | "calls" | "answer";

/** What a client comes to know of it. */
export const WEATHER = { name: "get_current_weather", arguments: { location: "Boston, MA", unit: "celsius" } } as const;
export const TIME = { name: "get_time", arguments: { zone: "UTC" } } as const;
export const DAY = { name: "get_day", arguments: { zone: "PST" } } as const;
export const ANSWER = "The quick brown llama jumps over the lazy alpaca.";
export const VERDICT = { answer: "yes", score: 7 } as const;

/** A model with tools of its own, and one that makes the same turns under a grammar. A scenario is written once for both. */
export interface ModelKind {
  readonly name: "native" | "fallback";
  readonly turns: Readonly<Record<Turn, Reply>>;
  /** A schema and tools together: an answer that holds the schema. */
  readonly verdictBesideTools: readonly Reply[];
  /** What the proxy has to ask of the host for such turns. */
  readonly asksFor: "tools" | "grammar";
}

export const modelKinds: readonly ModelKind[] = [
  {
    name: "native",
    turns: {
      call: { recording: "chat-tools-stream" },
      calls: { recording: "chat-multitools-stream" },
      answer: { recording: "chat-plain-stream" },
    },
    verdictBesideTools: [{ recording: "chat-plain-stream" }, { recording: "chat-format-schema-stream" }],
    asksFor: "tools",
  },
  {
    name: "fallback",
    turns: {
      call: written({ tool_calls: [WEATHER] }),
      calls: written({ tool_calls: [TIME, DAY] }),
      answer: written({ answer: ANSWER }),
    },
    verdictBesideTools: [written({ answer: VERDICT })],
    asksFor: "grammar",
  },
];

/** A call that was demanded, which comes under a grammar on every model. */
export const demandedCall: Reply = written({ tool_calls: [WEATHER] });
/** An answer under the caller's schema, on every model. */
export const verdict: Reply = { recording: "chat-format-schema-stream" };

export function enqueue(emulator: Emulator, replies: readonly Reply[]): void {
  for (const reply of replies) emulator.enqueue(reply);
}

/** The bodies of the chats that have reached the host. A running proxy asks it for other things too. */
export function chats(emulator: Emulator): readonly Readonly<Record<string, unknown>>[] {
  // What the proxy sends is JSON, an object.
  return emulator.requests.flatMap(({ path, body }) => (path === "/api/chat" ? [body as Record<string, unknown>] : []));
}

/** What each chat that has reached the host asked it to write: calls of its own, JSON under a grammar, or text. */
export function asked(emulator: Emulator): readonly ("tools" | "grammar" | "text")[] {
  return chats(emulator).map(({ tools, format }) => {
    // Under a grammar no server calls a tool: a request with both would be one that ignores its tools.
    expect(tools === undefined || format === undefined).toBe(true);
    return tools !== undefined ? "tools" : format !== undefined ? "grammar" : "text";
  });
}

/** JSON as a model writes it, three characters a token, each an event and a chunk of its own that need not arrive with the one before. */
function written(reply: object): Reply {
  const pieces = JSON.stringify(reply).match(/.{1,3}/gsu) ?? [];
  const event = (content: string, more: object) =>
    `${JSON.stringify({ model: "m", message: { role: "assistant", content }, ...more })}\n`;
  const end = { done: true, done_reason: "stop", prompt_eval_count: 23, eval_count: pieces.length };
  return { chunks: [...pieces.map((piece) => event(piece, { done: false })), event("", end)], delayMs: 1 };
}
