import { type Batch, literalsOf, type StreamPart, type Usage } from "@llamaduct/core";
import type { TextCompletionChunkChoice } from "./text-completion.ts";
import { toTextFinishReason } from "./to-text-finish-reason.ts";
import { countCharacters, toTextLogprobs } from "./to-text-logprobs.ts";

/** Where the chunks of a choice go. Plain text is most of a stream, so it comes without an object around it. */
export interface TextSink {
  /** Stands for `toTextChoice(index, text)`. */
  text(text: string): void;
  /** Stands for `text` of what each literal says. Without it, they are decoded. */
  literals?(literals: readonly string[]): void;
  choice(choice: TextCompletionChunkChoice): void;
  end(usage: Usage): void;
}
export interface TextSequenceOptions {
  /** Of the choice. */
  readonly index: number;
  /** Comes before the first text; empty: nothing does. */
  readonly echo: string;
}

export function toTextChoice(index: number, text: string): TextCompletionChunkChoice {
  return { index, text, logprobs: null, finish_reason: null };
}

/** Decides which chunks a choice has: an echo first, finish alone and last, logprobs with the text they directly follow. */
export function createTextSequence({ index, echo }: TextSequenceOptions, sink: TextSink): (batch: Batch) => void {
  let opened = false;
  /** Empty: none is held. */
  let heldText = "";
  /** Characters before the next token; counted when somebody wants to know. */
  let offset: number | undefined;

  function open(): void {
    if (opened) return;
    opened = true;
    if (echo !== "") sink.text(echo);
  }

  function flush(): void {
    if (heldText !== "") sink.text(heldText);
    heldText = "";
  }

  function write(part: StreamPart): void {
    switch (part.type) {
      case "text-delta":
        if (part.text === "") break;
        flush();
        open();
        heldText = part.text;
        break;
      case "reasoning-delta":
        if (part.text === "") break;
        flush();
        open();
        sink.choice({ ...toTextChoice(index, ""), reasoning_content: part.text });
        break;
      case "logprobs": {
        if (part.tokens.length === 0) break;
        open();
        offset ??= countCharacters(echo);
        sink.choice({ ...toTextChoice(index, heldText), logprobs: toTextLogprobs(part.tokens, offset) });
        heldText = "";
        for (const { token } of part.tokens) offset += countCharacters(token);
        break;
      }
      case "finish":
        flush();
        open();
        sink.choice({ ...toTextChoice(index, ""), finish_reason: toTextFinishReason(part.reason) });
        sink.end(part.usage);
        break;
      default:
        break; // `start` and `warning` have no chunk, and there are no calls here; a later spec may have more.
    }
  }

  return (batch) => {
    const literals = sink.literals === undefined ? undefined : literalsOf(batch);
    if (literals !== undefined) {
      open();
      sink.literals?.(literals);
      return;
    }
    for (const part of batch) write(part);
    flush();
  };
}
