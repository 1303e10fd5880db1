import { type Batch, literalsOf, type StreamPart, type Usage } from "@llamaduct/core";
import type { ChatCompletionChunkChoice, ChatCompletionDelta, ChatCompletionToolCallDelta } from "./chat-completion.ts";
import { createReasoningMerger } from "./merge-reasoning.ts";
import { toFinishReason } from "./to-finish-reason.ts";
import { toLogprobs } from "./to-logprobs.ts";

/** Where the chunks of a choice go. Plain text is most of a stream, so it comes without an object around it. */
export interface ChunkSink {
  /** Stands for `toChoice(index, toTextDelta(kind, text))`. */
  text(kind: TextKind, text: string): void;
  /** Stands for `text("content", …)` of what each literal says. Without it, they are decoded. */
  literals?(literals: readonly string[]): void;
  choice(choice: ChatCompletionChunkChoice): void;
  end(usage: Usage): void;
}
export type TextKind = "content" | "reasoning";

export interface ChunkSequenceOptions {
  /** Of the choice. */
  readonly index: number;
  /** Reasoning comes as text, between tags. */
  readonly mergeReasoning: boolean;
}

export function toChoice(index: number, delta: ChatCompletionDelta): ChatCompletionChunkChoice {
  return { index, delta, logprobs: null, finish_reason: null };
}

/** Reasoning has two names: LiteLLM's and the one other servers use. */
export function toTextDelta(kind: TextKind, text: string): ChatCompletionDelta {
  return kind === "content" ? { content: text } : { reasoning_content: text, reasoning: text };
}

/**
 * Decides which chunks a choice has: role once and first, one index per tool call, finish alone and last. What follows
 * directly in the same batch joins its chunk, logprobs their text and arguments their call; nothing is held from one
 * batch to the next.
 */
export function createChunkSequence(options: ChunkSequenceOptions, sink: ChunkSink): (batch: Batch) => void {
  const { index } = options;
  const merge = options.mergeReasoning ? createReasoningMerger() : undefined;
  const callIndices = new Map<string, number>();
  let opened = false;
  let kind: TextKind = "content";
  /** Empty: none is held. */
  let heldText = "";
  let heldCall: CallDelta | undefined;

  function open(content: "" | null): void {
    if (opened) return;
    opened = true;
    sink.choice(toChoice(index, { role: "assistant", content }));
  }

  function flush(): void {
    if (heldText !== "") sink.text(kind, heldText);
    if (heldCall !== undefined) sink.choice(toChoice(index, { tool_calls: [toToolCallDelta(heldCall)] }));
    heldText = "";
    heldCall = undefined;
  }

  function addText(nextKind: TextKind, text: string): void {
    if (text === "") return;
    flush();
    open("");
    kind = nextKind;
    heldText = text;
  }

  function startCall(id: string, name: string): void {
    flush();
    open(null);
    heldCall = { index: callIndices.size, start: { id, name }, text: "" };
    callIndices.set(id, heldCall.index);
  }

  function extendCall(id: string, text: string): void {
    const callIndex = callIndices.get(id);
    if (callIndex === undefined || text === "") return;
    if (heldCall?.index !== callIndex) flush();
    heldCall ??= { index: callIndex, start: undefined, text: "" };
    heldCall.text += text;
  }

  function write(part: StreamPart): void {
    switch (part.type) {
      case "text-delta":
        addText("content", part.text);
        break;
      case "reasoning-delta":
        addText("reasoning", part.text);
        break;
      case "logprobs": {
        if (part.tokens.length === 0) break;
        const delta: ChatCompletionDelta = heldText === "" ? {} : toTextDelta(kind, heldText);
        heldText = "";
        flush();
        open("");
        sink.choice({ ...toChoice(index, delta), logprobs: toLogprobs(part.tokens) });
        break;
      }
      case "tool-call-start":
        startCall(part.id, part.name);
        break;
      case "tool-call-delta":
        extendCall(part.id, part.argumentsDelta);
        break;
      case "finish":
        flush();
        open("");
        sink.choice({ ...toChoice(index, {}), finish_reason: toFinishReason(part.reason) });
        sink.end(part.usage);
        break;
      default:
        break; // `start` and `warning` have no chunk; a later spec may have more.
    }
  }

  return (batch) => {
    const literals = merge === undefined && sink.literals !== undefined ? literalsOf(batch) : undefined;
    if (literals !== undefined) {
      open("");
      sink.literals?.(literals);
      return;
    }
    for (const part of merge === undefined ? batch : merge(batch)) write(part);
    flush();
  };
}

interface CallDelta {
  readonly index: number;
  readonly start: { readonly id: string; readonly name: string } | undefined;
  text: string;
}

function toToolCallDelta({ index, start, text }: CallDelta): ChatCompletionToolCallDelta {
  if (start === undefined) return { index, function: { arguments: text } };
  return { index, id: start.id, type: "function", function: { name: start.name, arguments: text } };
}
