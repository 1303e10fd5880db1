import { ProviderError, type StreamPart, type TextRequest } from "@llamaduct/core";
import { type Recording, replayedAnswer } from "@llamaduct/ollama-emulator";
import { createOllamaGenerate } from "../src/index.ts";

/** What came of a call: its parts, and what was thrown after them. */
export interface Outcome {
  readonly parts: readonly StreamPart[];
  readonly error: unknown;
}

/** Plays a recording through the adapter, its body cut into pieces at the given offsets. */
export async function replay(recording: Recording, cuts: readonly number[], request: TextRequest): Promise<Outcome> {
  const provider = createOllamaGenerate({ transport: async () => replayedAnswer(recording, { cuts }) });
  const parts: StreamPart[] = [];
  try {
    for await (const batch of provider.textModel?.("asked").stream(request) ?? []) parts.push(...batch);
    return { parts, error: undefined };
  } catch (error) {
    return { parts, error };
  }
}

/** An outcome in one line, so that a table of them can be read and reviewed. */
export function summary({ parts, error }: Outcome): string {
  const textOf = (type: "text-delta" | "reasoning-delta") =>
    parts.map((part) => (part.type === type ? part.text : "")).join("");
  const [reasoning, text] = [textOf("reasoning-delta"), textOf("text-delta")];
  const finish = parts.find((part) => part.type === "finish");
  const context = finish?.metadata?.["context"];
  return [
    ...(reasoning === "" ? [] : [`reasoning ${JSON.stringify(reasoning)}`]),
    ...(text === "" ? [] : [`text ${JSON.stringify(text)}`]),
    ...(finish === undefined
      ? []
      : [`${finish.reason}(${finish.rawReason}) ${finish.usage.inputTokens}+${finish.usage.outputTokens}`]),
    ...(Array.isArray(context) ? [`context of ${context.length}`] : []),
    ...(error instanceof ProviderError ? [`! ${error.code} ${error.setting ?? ""}`.trim()] : []),
  ].join(" | ");
}
