import type { Batch, StreamPart } from "@llamaduct/core";
import type {
  ChatCompletionChunkChoice,
  ChatCompletionDelta,
  ChatCompletionToolCallDelta,
  CompletionUsage,
} from "./chat-completion.ts";
import { toFinishReason } from "./to-finish-reason.ts";
import { toLogprobs } from "./to-logprobs.ts";
import { toUsage } from "./to-usage.ts";

/** Where the chunks of a stream go. Plain text is most of a stream, so it comes without an object around it. */
export interface ChunkSink {
  /** Stands for `toChoice({ [field]: text })`. */
  text(field: TextField, text: string): void;
  choice(choice: ChatCompletionChunkChoice): void;
  usage(usage: CompletionUsage): void;
}
export type TextField = "content" | "reasoning_content";

export function toChoice(delta: ChatCompletionDelta): ChatCompletionChunkChoice {
  return { index: 0, delta, logprobs: null, finish_reason: null };
}

/**
 * Decides which chunks a stream has: role once and first, one index per tool call, finish alone, usage last. What
 * follows directly in the same batch joins its chunk, logprobs their text and arguments their call; nothing is held
 * from one batch to the next.
 */
export function createChunkSequence(sink: ChunkSink): (batch: Batch) => void {
  const callIndices = new Map<string, number>();
  let opened = false;
  let field: TextField = "content";
  /** Empty: none is held. */
  let heldText = "";
  let heldCall: CallDelta | undefined;

  function open(content: "" | null): void {
    if (opened) return;
    opened = true;
    sink.choice(toChoice({ role: "assistant", content }));
  }

  function flush(): void {
    if (heldText !== "") sink.text(field, heldText);
    if (heldCall !== undefined) sink.choice(toChoice({ tool_calls: [toToolCallDelta(heldCall)] }));
    heldText = "";
    heldCall = undefined;
  }

  function addText(nextField: TextField, text: string): void {
    if (text === "") return;
    flush();
    open("");
    field = nextField;
    heldText = text;
  }

  function startCall(id: string, name: string): void {
    flush();
    open(null);
    heldCall = { index: callIndices.size, start: { id, name }, text: "" };
    callIndices.set(id, heldCall.index);
  }

  function extendCall(id: string, text: string): void {
    const index = callIndices.get(id);
    if (index === undefined || text === "") return;
    if (heldCall?.index !== index) flush();
    heldCall ??= { index, start: undefined, text: "" };
    heldCall.text += text;
  }

  function write(part: StreamPart): void {
    switch (part.type) {
      case "text-delta":
        addText("content", part.text);
        break;
      case "reasoning-delta":
        addText("reasoning_content", part.text);
        break;
      case "logprobs": {
        if (part.tokens.length === 0) break;
        const delta: ChatCompletionDelta = heldText === "" ? {} : { [field]: heldText };
        heldText = "";
        flush();
        open("");
        sink.choice({ ...toChoice(delta), logprobs: toLogprobs(part.tokens) });
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
        sink.choice({ ...toChoice({}), finish_reason: toFinishReason(part.reason) });
        sink.usage(toUsage(part.usage));
        break;
      default:
        break; // `start` and `warning` have no chunk; a later spec may have more.
    }
  }

  return (batch) => {
    for (const part of batch) write(part);
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
