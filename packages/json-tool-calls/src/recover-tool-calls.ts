import type { Batch, ChatModel, FinishPart, Middleware, Stream, StreamPart } from "@llamaduct/core";
import { createLeakScanner, type LeakScanner } from "./leak-scanner.ts";
import { randomCallId } from "./random-call-id.ts";
import type { KnownTools } from "./read-leaked-calls.ts";

export interface RecoverToolCallsOptions {
  /** Makes ids for the calls. Default `call_` and 24 random characters. */
  readonly generateId?: (() => string) | undefined;
}

/**
 * Text that turns out to be a call becomes one: for requests with tools, as long as the model makes no call of its own.
 * What is a call is told at `createLeakScanner`. All other text, and every request without tools, goes as it came.
 */
export function recoverToolCalls({ generateId = randomCallId }: RecoverToolCallsOptions = {}): Middleware {
  // A method, so that the name is the same in a bundle: errors tell it.
  return {
    recoverToolCalls(next: ChatModel): ChatModel {
      const { provider, modelId } = next;
      return {
        provider,
        modelId,
        capabilities: () => next.capabilities(),
        stream(request, call) {
          const stream = next.stream(request, call);
          const { tools = [], toolChoice } = request;
          if (tools.length === 0 || toolChoice === "none") return stream;
          return recover(stream, new Map(tools.map((tool) => [tool.name, tool])), generateId);
        },
      };
    },
  }.recoverToolCalls;
}

async function* recover(source: Stream, tools: KnownTools, generateId: () => string): AsyncGenerator<Batch> {
  let parts: StreamPart[] = [];
  let pieces = "";
  /** Came while text was held, so they follow it. */
  let waiting: StreamPart[] = [];
  let scanner = createScanner();
  let hasRecovered = false;
  let isNative = false;
  let hasText = false;
  let isEmpty = true;

  function createScanner(): LeakScanner {
    return createLeakScanner({
      tools,
      onText(text) {
        pieces += text;
      },
      onCalls(calls) {
        flush();
        hasRecovered = true;
        for (const call of calls) {
          const id = generateId();
          parts.push({ type: "tool-call-start", id, name: call.name });
          parts.push({ type: "tool-call-delta", id, argumentsDelta: call.arguments });
        }
      },
    });
  }

  function flush(): void {
    if (pieces !== "") parts.push({ type: "text-delta", text: pieces });
    pieces = "";
    if (scanner.isHolding) return;
    parts.push(...waiting);
    waiting = [];
  }

  /** Text has come to an end: the answer's, or what stands between two stretches of reasoning. */
  function settle(): void {
    if (scanner.isHolding) scanner.end();
    flush();
    if (hasText) scanner = createScanner();
    hasText = false;
  }

  function giveUp(): void {
    scanner.giveUp();
    flush();
  }

  function read(part: StreamPart): void {
    if (part.type !== "start" && part.type !== "warning" && part.type !== "finish") isEmpty = false;
    if (part.type === "text-delta" && !isNative) {
      hasText = true;
      scanner.write(part.text);
      if (pieces === part.text) {
        pieces = "";
        parts.push(part);
      }
      flush();
      return;
    }
    if ((part.type === "logprobs" || part.type === "warning") && scanner.isHolding) {
      waiting.push(part);
      return;
    }
    if (part.type === "tool-call-start" && !isNative) {
      isNative = true;
      giveUp();
    } else if (part.type === "reasoning-delta" || part.type === "finish") settle();
    if (part.type === "finish") finish(part);
    else parts.push(part);
  }

  function finish(part: FinishPart): void {
    // The first token ends the answer. More than that, and nothing to see: a host discards calls that it cannot read (B9).
    if (isEmpty && part.reason === "stop" && (part.usage.outputTokens ?? 0) > 1) parts.push(NOTHING_CAME);
    parts.push(hasRecovered && part.reason === "stop" ? { ...part, reason: "tool-calls" } : part);
  }

  try {
    for await (const batch of source) {
      let isSame = true;
      let count = 0;
      for (const part of batch) {
        read(part);
        isSame &&= parts.length === count + 1 && parts[count] === part;
        count++;
      }
      if (parts.length > 0) yield isSame ? batch : parts;
      parts = [];
    }
  } catch (error) {
    giveUp();
    if (parts.length > 0) yield parts;
    throw error;
  }
}

const NOTHING_CAME: StreamPart = {
  type: "warning",
  warning: {
    setting: "tools",
    message:
      "The model wrote something, but nothing came: its host may have discarded a tool call that it could not read.",
  },
};
