import { applyMiddleware, type Batch, type ChatRequest, type StreamPart } from "@llamaduct/core";
import { type StructuredOutputOptions, structuredOutput } from "../src/index.ts";
import { hello, type ScriptedModel, scriptedModel } from "./scripted-model.ts";

export interface Outcome {
  readonly batches: readonly Batch[];
  readonly parts: readonly StreamPart[];
  readonly error: unknown;
}

/** Asks a model through the middleware: what came, and what was thrown after it. */
export async function run(
  model: ScriptedModel<ChatRequest>,
  request: Partial<ChatRequest>,
  options?: StructuredOutputOptions,
): Promise<Outcome> {
  const wrapped = applyMiddleware(model, [structuredOutput(options)]);
  const batches: Batch[] = [];
  let error: unknown;
  try {
    for await (const batch of wrapped.stream({ ...hello, ...request })) batches.push(batch);
  } catch (caught) {
    error = caught;
  }
  return { batches, parts: batches.flatMap((batch) => [...batch]), error };
}

export const play = (...scripts: Parameters<typeof scriptedModel>[0]): ScriptedModel<ChatRequest> =>
  scriptedModel(scripts);
