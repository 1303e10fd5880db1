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
 * upstream is left. A delta counts as one token: servers send one or several in each. Neighbours of different kinds that
 * came together may be one token's (the end of the reasoning, the beginning of the text) and count once. So nobody is
 * ended who keeps to the limit.
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
  if (literalsOf(batch) !== undefined) {
    const end = Math.min(batch.length, left);
    return { end, tokens: end };
  }
  let [end, tokens] = [0, 0];
  let last: string | undefined;
  for (const part of batch) {
    const source = sourceOf(part);
    if (source !== undefined) {
      const isCounted = last === undefined || last === source;
      if (isCounted && tokens === left) break;
      if (isCounted) tokens += 1;
      last = source;
    }
    end += 1;
  }
  return { end, tokens };
}

/** What a part is a piece of; `undefined`: no token made it. */
function sourceOf(part: StreamPart): string | undefined {
  switch (part.type) {
    case "text-delta":
    case "reasoning-delta":
      return part.type;
    case "tool-call-start":
      return `start ${part.id}`;
    case "tool-call-delta":
      return `arguments ${part.id}`;
    default:
      return undefined;
  }
}

function beginning(batch: Batch, end: number): Batch {
  const literals = literalsOf(batch);
  return literals === undefined ? [...batch].slice(0, end) : new EncodedText(literals.slice(0, end));
}
