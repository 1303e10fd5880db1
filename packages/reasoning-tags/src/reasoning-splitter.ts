import { type Batch, literalsOf, type StreamPart } from "@llamaduct/core";
import { beginsAnswer } from "./begins-answer.ts";
import { mayHoldTag } from "./may-hold-tag.ts";

export interface ReasoningSplitter {
  /** What can be told of a batch by now, which may be nothing; the batch itself when nothing in it changes. */
  read(batch: Batch): Batch;
  /** What was held back, which is no tag after all. */
  flush(): readonly StreamPart[];
}

/**
 * Tells reasoning in tags from text. Holds back only what may still become a tag, and what belongs behind it. `hasText`:
 * there has been some before.
 */
export function createReasoningSplitter(tags: readonly string[], hasText: boolean): ReasoningSplitter {
  const openings = tags.map((tag) => `<${tag}>`);
  const closingOf = new Map(tags.map((tag) => [`<${tag}>`, `</${tag}>`]));
  /** The tag that ends the block we are in. */
  let closing: string | undefined;
  /** A beginning of a tag, and the parts that brought it with the logprobs and warnings that came after. */
  let heldText = "";
  let held: StreamPart[] = [];
  /** Whether line breaks are dropped: right after a tag, as long as what they would begin has nothing in it yet. */
  let isTrimming = false;
  const begun = { "text-delta": hasText, "reasoning-delta": false };

  function emit(part: TextDelta, out: StreamPart[]): void {
    const type = closing === undefined ? "text-delta" : "reasoning-delta";
    const text = isTrimming ? part.text.replace(/^[\r\n]+/, "") : part.text;
    if (text === "") return;
    isTrimming = false;
    begun[type] ||= /\S/.test(text);
    out.push(type === part.type && text === part.text ? part : { type, text });
  }

  function enter(tag: string): void {
    closing = closingOf.get(tag);
    isTrimming = !begun[closing === undefined ? "text-delta" : "reasoning-delta"];
  }

  function release(out: StreamPart[]): void {
    for (const part of held) {
      if (part.type === "text-delta") emit(part, out);
      else out.push(part);
    }
    dropHeld();
  }

  function dropHeld(): void {
    heldText = "";
    held = [];
  }

  /** Decides about the held beginning of a tag. Gives the offset in the text behind it, or that it goes on. */
  function resume(part: TextDelta, out: StreamPart[]): number | "goes on" {
    const candidate = heldText + part.text;
    const match = matchTag(candidate, 0, closing === undefined ? openings : [closing]);
    if (match === "may be") {
      heldText = candidate;
      held.push(part);
      return "goes on";
    }
    // A tag has one "<", its first character: what was held is either all of a tag's beginning or all text.
    if (match === undefined) {
      release(out);
      return 0;
    }
    const offset = match.length - heldText.length;
    for (const other of held) if (other.type !== "text-delta") out.push(other);
    dropHeld();
    enter(match);
    return offset;
  }

  function split(part: TextDelta, out: StreamPart[]): void {
    const { text } = part;
    const resumed = heldText === "" ? 0 : resume(part, out);
    if (resumed === "goes on") return;
    let from = resumed;
    for (let at = text.indexOf("<", from); at !== -1; at = text.indexOf("<", at)) {
      const match = matchTag(text, at, closing === undefined ? openings : [closing]);
      if (match === undefined) {
        at++;
        continue;
      }
      emit({ type: "text-delta", text: text.slice(from, at) }, out);
      if (match === "may be") {
        heldText = text.slice(at);
        held = [{ type: "text-delta", text: heldText }];
        return;
      }
      enter(match);
      from = at + match.length;
      at = from;
    }
    emit(from === 0 ? part : { type: "text-delta", text: text.slice(from) }, out);
  }

  function read(part: StreamPart, out: StreamPart[]): void {
    if (part.type === "text-delta") split(part, out);
    // These say nothing new of the answer, so a tag may go on behind them.
    else if (heldText !== "" && (part.type === "logprobs" || part.type === "warning")) held.push(part);
    else {
      release(out);
      out.push(part);
    }
  }

  /** Encoded text that needs no look: outside of tags, without one, and it begins the answer if nothing has. */
  function isPlain(literals: readonly string[]): boolean {
    if (closing !== undefined || heldText !== "" || isTrimming || literals.some(mayHoldTag)) return false;
    begun["text-delta"] ||= literals.some(beginsAnswer);
    return begun["text-delta"];
  }

  return {
    read(batch) {
      const literals = literalsOf(batch);
      if (literals !== undefined && isPlain(literals)) return batch;
      const out: StreamPart[] = [];
      let isSame = true;
      for (const part of batch) {
        const place = out.length;
        read(part, out);
        isSame &&= out.length === place + 1 && out[place] === part;
      }
      return isSame ? batch : out;
    },
    flush() {
      const out: StreamPart[] = [];
      release(out);
      return out;
    },
  };
}

type TextDelta = Extract<StreamPart, { readonly type: "text-delta" }>;

/** The tag that stands at an offset, or whether the text ends within one. */
function matchTag(text: string, at: number, tags: readonly string[]): string | "may be" | undefined {
  const whole = tags.find((tag) => text.startsWith(tag, at));
  if (whole !== undefined) return whole;
  const isBeginning = (tag: string) => text.length - at < tag.length && tag.startsWith(text.slice(at));
  return tags.some(isBeginning) ? "may be" : undefined;
}
