import { type ChatRequest, ProviderError, type StreamPart } from "@llamaduct/core";
import type { Transport } from "@llamaduct/http";
import { type Recording, replayedAnswer } from "@llamaduct/ollama-emulator";
import { createOllamaChat } from "../src/index.ts";

export const hello: ChatRequest = { messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] };

/** What came of a call: its parts, and what was thrown after them. */
export interface Outcome {
  readonly parts: readonly StreamPart[];
  readonly error: unknown;
}

/** Plays a recording through the adapter, its body cut into pieces at the given offsets. */
export async function replay(recording: Recording, cuts: readonly number[]): Promise<Outcome> {
  const ids = countingIds();
  const provider = createOllamaChat({ transport: play(recording, cuts), generateId: () => ids.next().value });
  const parts: StreamPart[] = [];
  try {
    for await (const batch of provider.chatModel?.("asked").stream(hello) ?? []) parts.push(...batch);
    return { parts, error: undefined };
  } catch (error) {
    return { parts, error };
  }
}

function play(recording: Recording, cuts: readonly number[]): Transport {
  const broken = () => new ProviderError({ code: "upstream_stream_interrupted", message: "The connection was cut." });
  return async () => replayedAnswer(recording, { cuts, broken });
}

function* countingIds(): Generator<string, never> {
  for (let count = 1; ; count++) yield `made-${count}`;
}

/** An outcome in one line, so that a table of them can be read and reviewed. */
export function summary({ parts, error }: Outcome): string {
  const words: string[] = [];
  let open: { readonly type: string; text: string } | undefined;
  const close = () => {
    if (open !== undefined) words.push(`${open.type} ${JSON.stringify(open.text)}`);
    open = undefined;
  };
  const add = (type: string, text: string) => {
    if (open?.type !== type) close();
    open ??= { type, text: "" };
    open.text += text;
  };
  for (const part of parts) {
    if (part.type === "text-delta") add("text", part.text);
    else if (part.type === "reasoning-delta") add("reasoning", part.text);
    else if (part.type === "tool-call-delta") add(`arguments`, part.argumentsDelta);
    else {
      if (part.type !== "logprobs") close();
      if (part.type === "tool-call-start") words.push(`call ${part.name}`);
      if (part.type === "finish")
        words.push(`${part.reason}(${part.rawReason}) ${part.usage.inputTokens}+${part.usage.outputTokens}`);
    }
  }
  close();
  if (error !== undefined)
    words.push(error instanceof ProviderError ? `! ${error.code} ${error.setting ?? ""}`.trim() : `! ${error}`);
  return words.join(" | ");
}
