import type {
  Batch,
  CallOptions,
  Capabilities,
  ChatRequest,
  FinishPart,
  FinishReason,
  StreamModel,
  StreamPart,
} from "@llamaduct/core";

export const hello: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };
export const start: StreamPart = { type: "start", modelId: "m", warnings: [] };
export const text = (value: string): StreamPart => ({ type: "text-delta", text: value });
export const reasoning = (value: string): StreamPart => ({ type: "reasoning-delta", text: value });
export const finish = (reason: FinishReason = "stop", usage = { inputTokens: 10, outputTokens: 5 }): FinishPart => ({
  type: "finish",
  reason,
  usage,
});
export const callStart: StreamPart = { type: "tool-call-start", id: "x", name: "now" };
export const callArguments: StreamPart = { type: "tool-call-delta", id: "x", argumentsDelta: "{}" };
export const call: readonly StreamPart[] = [callStart, callArguments];

/** One batch per piece of text. */
export const says = (...pieces: readonly string[]): readonly Batch[] => [
  [start],
  ...pieces.map((piece) => [text(piece)]),
  [finish()],
];

export interface ScriptedModel<Request> extends StreamModel<Request> {
  /** What was asked, in order. */
  readonly requests: readonly Request[];
  readonly calls: readonly (CallOptions | undefined)[];
  /** How many batches were taken from each answer, and whether it was left before its end. */
  readonly answers: readonly { taken: number; left: boolean }[];
}

/** Plays one script after the other, one a request; an error in place of a batch is thrown. */
export function scriptedModel<Request = ChatRequest>(
  scripts: readonly (readonly (Batch | Error)[])[],
  capabilities: Partial<Capabilities> = {},
): ScriptedModel<Request> {
  const requests: Request[] = [];
  const calls: (CallOptions | undefined)[] = [];
  const answers: { taken: number; left: boolean }[] = [];

  async function* play(script: readonly (Batch | Error)[]): AsyncGenerator<Batch> {
    const answer = { taken: 0, left: true };
    answers.push(answer);
    try {
      for (const batch of script) {
        if (batch instanceof Error) throw batch;
        answer.taken++;
        yield batch;
      }
      answer.left = false;
    } catch (error) {
      answer.left = false;
      throw error;
    }
  }

  return {
    provider: "p",
    modelId: "m",
    capabilities: () => ({ ...unknown, ...capabilities }),
    requests,
    calls,
    answers,
    stream(request, options) {
      const script = scripts[requests.length] ?? [new Error("asked once too often")];
      requests.push(request);
      calls.push(options);
      return play(script);
    },
  };
}

const unknown: Capabilities = {
  tools: "unknown",
  jsonSchema: "unknown",
  reasoning: "unknown",
  images: "unknown",
  suffix: "unknown",
  embeddings: "unknown",
};
