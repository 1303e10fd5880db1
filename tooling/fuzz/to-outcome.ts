/** What a client makes of a streamed answer: pieces that follow each other are one. */
export interface StreamOutcome {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly (readonly [name: string, text: string])[];
  readonly finish: string | undefined;
  /** A code, when an error event ended it. */
  readonly failure: string | undefined;
  readonly usage: unknown;
}

export interface Chunk {
  readonly error?: { readonly message: string; readonly code: string };
  readonly choices?: readonly {
    readonly delta: {
      readonly content?: string | null;
      readonly reasoning_content?: string;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly function: { readonly name?: string; readonly arguments?: string };
      }[];
    };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: unknown;
}

export interface ReadStream {
  readonly chunks: readonly Chunk[];
  /** In place of `[DONE]`. */
  readonly failure: Chunk["error"];
}

/** Throws when the events are not a whole answer in OpenAI's form. */
export function toOutcome(events: string): StreamOutcome {
  const { chunks, failure } = readStream(events);
  const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
  const calls: [string, string][] = [];
  for (const { index, function: part } of choices.flatMap(({ delta }) => delta.tool_calls ?? [])) {
    const [name, text] = calls[index] ?? ["", ""];
    calls[index] = [name + (part.name ?? ""), text + (part.arguments ?? "")];
  }
  return {
    text: choices.map(({ delta }) => delta.content ?? "").join(""),
    reasoning: choices.map(({ delta }) => delta.reasoning_content ?? "").join(""),
    calls,
    finish: choices.findLast(({ finish_reason }) => finish_reason !== null)?.finish_reason ?? undefined,
    failure: failure?.code,
    usage: chunks.findLast(({ usage }) => usage !== undefined)?.usage,
  };
}

/** The same for any kind of answer, whose chunks are not looked into. */
export function readStream(events: string): ReadStream {
  if (!events.endsWith("\n\n")) throw new Error(`The last event has no end: ${events.slice(-200)}`);
  const data = events.slice(0, -2).split("\n\n");
  const isDone = data.at(-1) === "data: [DONE]";
  const chunks = (isDone ? data.slice(0, -1) : data).map(toChunk);
  const failure = chunks.at(-1)?.error;
  if (isDone === (failure !== undefined)) throw new Error("It ends with [DONE] or an error, and not with both.");
  if (failure !== undefined && (typeof failure.message !== "string" || typeof failure.code !== "string"))
    throw new Error(`No error of OpenAI's: ${JSON.stringify(failure)}`);
  const answers = failure === undefined ? chunks : chunks.slice(0, -1);
  const odd = answers.find(({ choices }) => choices === undefined);
  if (odd !== undefined) throw new Error(`No chunk of OpenAI's: ${JSON.stringify(odd)}`);
  return { chunks: answers, failure };
}

function toChunk(event: string): Chunk {
  if (!/^data: [^\r\n]*$/.test(event)) throw new Error(`No event of ours: ${JSON.stringify(event)}`);
  return JSON.parse(event.slice("data: ".length)) as Chunk;
}
