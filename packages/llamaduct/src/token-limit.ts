import {
  type Batch,
  type ChatRequest,
  EncodedText,
  literalsOf,
  type Middleware,
  type Stream,
  type StreamModel,
  type StreamPart,
  type Warning,
} from "@llamaduct/core";

/**
 * Ends an answer at the request's `maxOutputTokens` where its upstream goes on: finish `length`, a warning, and the
 * upstream is left. A delta counts as one token: servers send one or several in each. One of a single character counts
 * an eighth: gateways that smooth their streams send words letter by letter. Neighbours of different kinds that came
 * together may be one token's (the end of the reasoning, the beginning of the text) and count once. So nobody is ended
 * who keeps to the limit.
 */
export function tokenLimit<Request extends Pick<ChatRequest, "settings">>(): Middleware<Request> {
  // A method, so that the name is the same in a bundle: errors tell it.
  return {
    tokenLimit(next: StreamModel<Request>): StreamModel<Request> {
      const { provider, modelId } = next;
      return {
        provider,
        modelId,
        capabilities: () => next.capabilities(),
        stream(request, options) {
          const stream = next.stream(request, options);
          const limit = request.settings?.maxOutputTokens;
          return limit === undefined ? stream : limited(stream, limit);
        },
      };
    },
  }.tokenLimit;
}

async function* limited(stream: Stream, limit: number): AsyncGenerator<Batch> {
  let left = limit;
  for await (const batch of stream) {
    const { end, tokens } = fit(batch, left);
    left -= tokens;
    if (end === batch.length) {
      yield batch;
      continue;
    }
    if (end > 0) yield beginning(batch, end);
    yield [
      { type: "warning", warning: WENT_ON },
      { type: "finish", reason: "length", usage: { inputTokens: undefined, outputTokens: limit } },
    ];
    return;
  }
}

const WENT_ON: Warning = {
  setting: "settings.maxOutputTokens",
  message: "The upstream went on, and was stopped.",
};

/** How many parts come before the first that is a token too many, and the tokens in them. */
function fit(batch: Batch, left: number): { readonly end: number; readonly tokens: number } {
  const pieces = Array.from<StreamPart | string, Piece | undefined>(literalsOf(batch) ?? batch, toPiece);
  let [end, tokens] = [0, 0];
  let last: string | undefined;
  for (const piece of pieces) {
    if (piece !== undefined) {
      const cost = last === undefined || last === piece.of ? piece.tokens : 0;
      if (tokens + cost > left) break;
      tokens += cost;
      last = piece.of;
    }
    end += 1;
  }
  return { end, tokens };
}

interface Piece {
  /** What it is a piece of. */
  readonly of: string;
  readonly tokens: number;
}

/** `undefined`: no token made it. A string is a literal's inside. */
function toPiece(part: StreamPart | string): Piece | undefined {
  if (typeof part === "string") return { of: "text-delta", tokens: LITERAL_CHARACTER.test(part) ? LETTER : 1 };
  switch (part.type) {
    case "text-delta":
    case "reasoning-delta":
      return { of: part.type, tokens: tokensOf(part.text) };
    case "tool-call-start":
      return { of: `start ${part.id}`, tokens: 1 };
    case "tool-call-delta":
      return { of: `arguments ${part.id}`, tokens: tokensOf(part.argumentsDelta) };
    default:
      return undefined;
  }
}

/** Of a token: words of that many characters are rare. */
const LETTER = 1 / 8;

/** One character as JSON and latin1 have it: itself, an escape, or the bytes of its UTF-8. */
const LITERAL_CHARACTER = /^(?:[^\\\x80-\xff]|\\(?:u.{4}|[^u])|[\xc2-\xf4][\x80-\xbf]+)$/;

function tokensOf(text: string): number {
  return /^.$/su.test(text) ? LETTER : 1;
}

function beginning(batch: Batch, end: number): Batch {
  const literals = literalsOf(batch);
  return literals === undefined ? [...batch].slice(0, end) : new EncodedText(literals.slice(0, end));
}
