import { decode, literalsOf } from "./encoded-text.ts";
import { ProviderError } from "./provider-error.ts";
import type { AssistantContent, FinishPart, StartPart, Stream, StreamPart, TokenLogprobs, Warning } from "./spec.ts";

/** A whole answer: what a stream adds up to. */
export interface Completion {
  readonly start: StartPart;
  /** Neighbouring deltas of one kind joined; tool calls in the order they started. */
  readonly content: readonly AssistantContent[];
  readonly logprobs: readonly TokenLogprobs[] | undefined;
  readonly warnings: readonly Warning[];
  readonly finish: FinishPart;
}

/** Reads a stream to its end. Rejects as the stream does: half an answer is no answer. */
export async function collect(stream: Stream): Promise<Completion> {
  const content: Draft[] = [];
  const calls = new Map<string, Draft>();
  const logprobs: TokenLogprobs[] = [];
  const warnings: Warning[] = [];
  let start: StartPart | undefined;
  let finish: FinishPart | undefined;

  function add(part: StreamPart): void {
    switch (part.type) {
      case "start":
        start = part;
        warnings.push(...part.warnings);
        break;
      case "text-delta":
        extend(content, "text").pieces.push(part.text);
        break;
      case "reasoning-delta":
        extend(content, "reasoning").pieces.push(part.text);
        break;
      case "tool-call-start": {
        const call: Draft = { type: "tool-call", id: part.id, name: part.name, pieces: [] };
        calls.set(part.id, call);
        content.push(call);
        break;
      }
      case "tool-call-delta":
        calls.get(part.id)?.pieces.push(part.argumentsDelta);
        break;
      case "logprobs":
        logprobs.push(...part.tokens);
        break;
      case "warning":
        warnings.push(part.warning);
        break;
      case "finish":
        finish = part;
        break;
      default:
        break; // Parts of a later spec.
    }
  }

  for await (const batch of stream) {
    const literals = literalsOf(batch);
    if (literals !== undefined) extend(content, "text").pieces.push(decode(literals.join("")));
    else for (const part of batch) add(part);
  }
  if (start === undefined || finish === undefined) {
    throw new ProviderError({ code: "provider_error", message: "The stream ended without a finish part." });
  }
  return {
    start,
    content: content.map(toContent),
    logprobs: logprobs.length === 0 ? undefined : logprobs,
    warnings,
    finish,
  };
}

interface Draft {
  readonly type: AssistantContent["type"];
  readonly id?: string;
  readonly name?: string;
  readonly pieces: string[];
}

function extend(content: Draft[], type: "text" | "reasoning"): Draft {
  const last = content.at(-1);
  if (last?.type === type) return last;
  const draft: Draft = { type, pieces: [] };
  content.push(draft);
  return draft;
}

function toContent({ type, id = "", name = "", pieces }: Draft): AssistantContent {
  const text = pieces.join("");
  return type === "tool-call" ? { type, id, name, arguments: text } : { type, text };
}
