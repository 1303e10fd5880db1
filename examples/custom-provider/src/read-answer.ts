import { type Batch, type FinishReason, ProviderError, type StreamPart, type Usage } from "@llamaduct/core";
import { events } from "@llamaduct/http";
import { toError } from "./to-error.ts";

/**
 * The upstream's events as batches of parts, `finish` last. Throws, after what came before, at whatever is not the
 * protocol and when the upstream ends without saying that the answer is whole.
 */
export async function* readAnswer(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Batch> {
  const answer = createAnswer();
  for await (const batch of events(bytes)) {
    const parts: StreamPart[] = [];
    let failure: unknown;
    try {
      for (const { data } of batch) parts.push(...answer.read(data));
    } catch (error) {
      failure = error;
    }
    if (parts.length > 0) yield parts;
    if (failure !== undefined) throw failure;
  }
  if (!answer.isOver()) throw failed("upstream_stream_interrupted", "The upstream ended before its answer did.");
}

/** One answer: what has to be remembered between events. */
function createAnswer() {
  let rawReason: string | undefined;
  let usage: Usage = { inputTokens: undefined, outputTokens: undefined };
  /** Ids of the calls so far, by the upstream's index. */
  const calls = new Map<number, string>();
  let isOver = false;

  function read(data: string): readonly StreamPart[] {
    // After its end the upstream has nothing more to say.
    if (isOver) return [];
    if (data === "[DONE]") {
      isOver = true;
      return [{ type: "finish", reason: toFinishReason(rawReason, calls.size > 0), rawReason, usage }];
    }
    const event = parse(data);
    if (event.error !== undefined) throw toError({ status: 200, text: data });
    if (event.usage) usage = { inputTokens: event.usage.prompt_tokens, outputTokens: event.usage.completion_tokens };
    const { delta, finish_reason } = event.choices?.[0] ?? {};
    if (finish_reason) rawReason = finish_reason;
    return [
      ...(delta?.reasoning ? [{ type: "reasoning-delta", text: delta.reasoning } as const] : []),
      ...(delta?.content ? [{ type: "text-delta", text: delta.content } as const] : []),
      ...(delta?.tool_calls ?? []).flatMap(readCall),
    ];
  }

  /** The first piece of a call has its id and name; every piece may have some of the arguments. */
  function readCall({ index, id: given, function: called }: CallDelta): readonly StreamPart[] {
    const parts: StreamPart[] = [];
    const id = calls.get(index) ?? given ?? `call_${crypto.randomUUID()}`;
    if (!calls.has(index)) parts.push({ type: "tool-call-start", id, name: called.name ?? "" });
    calls.set(index, id);
    if (called.arguments) parts.push({ type: "tool-call-delta", id, argumentsDelta: called.arguments });
    return parts;
  }

  return { read, isOver: () => isOver };
}

function toFinishReason(rawReason: string | undefined, hasCalls: boolean): FinishReason {
  if (hasCalls && rawReason !== "length") return "tool-calls";
  return rawReason === "stop" || rawReason === "length" ? rawReason : "other";
}

interface Event {
  readonly error?: unknown;
  readonly choices?: readonly {
    readonly delta?: {
      readonly content?: string | null;
      readonly reasoning?: string | null;
      readonly tool_calls?: readonly CallDelta[];
    };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
}

interface CallDelta {
  readonly index: number;
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments?: string };
}

/** A real provider checks the fields it reads, with zod for example; this one believes JSON that is an object. */
function parse(data: string): Event {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Told below, without the upstream's text.
  }
  throw failed("upstream_protocol_error", "The upstream sent an event that is not a JSON object.");
}

function failed(code: "upstream_protocol_error" | "upstream_stream_interrupted", message: string): ProviderError {
  return new ProviderError({ code, message, upstreamStatus: 200 });
}
