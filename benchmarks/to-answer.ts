import { modelOf, textOf, VECTORS } from "./models.ts";

/** Which API an answer is in, and whether it comes in pieces. */
export type Wire = "ollama" | "openai";

export interface Answer {
  readonly contentType: string;
  /** Each an HTTP chunk of its own; of a whole answer the only one. */
  readonly pieces: readonly string[];
}

const CREATED_AT = "2026-11-22T10:00:00.123456789Z";
const CREATED = 1_763_805_600;

/** What Ollama sends for one streamed chat; lines of about 130 bytes through its own API, of 215 through OpenAI's. */
export function toStream(name: string, wire: Wire): Answer {
  const { pieces } = modelOf(name);
  if (wire === "openai") {
    const event = (choice: object, rest: object = {}) =>
      `data: ${JSON.stringify({ ...openAiHead(name, "chat.completion.chunk"), choices: [{ index: 0, ...choice }], ...rest })}\n\n`;
    const deltas = pieces.map((content) => event({ delta: { role: "assistant", content }, finish_reason: null }));
    const last = event({ delta: { role: "assistant", content: "" }, finish_reason: "stop" });
    return { contentType: "text/event-stream", pieces: [...deltas, last, "data: [DONE]\n\n"] };
  }
  const line = (content: string, rest: object) => `${JSON.stringify(chatLine(name, content, rest))}\n`;
  return {
    contentType: "application/x-ndjson",
    pieces: [...pieces.map((piece) => line(piece, { done: false })), line("", final(pieces.length))],
  };
}

export function toWhole(name: string, wire: Wire): Answer {
  const count = modelOf(name).pieces.length;
  const json =
    wire === "ollama"
      ? chatLine(name, textOf(name), final(count))
      : {
          ...openAiHead(name, "chat.completion"),
          choices: [{ index: 0, message: { role: "assistant", content: textOf(name) }, finish_reason: "stop" }],
          usage: { prompt_tokens: 26, completion_tokens: count, total_tokens: 26 + count },
        };
  return { contentType: "application/json", pieces: [JSON.stringify(json)] };
}

export function toEmbeddings(name: string, wire: Wire): Answer {
  const json =
    wire === "ollama"
      ? { model: name, embeddings: VECTORS, total_duration: 14_143_917, load_duration: 1_019_500, prompt_eval_count: 8 }
      : {
          object: "list",
          data: VECTORS.map((embedding, index) => ({ object: "embedding", embedding, index })),
          model: name,
          usage: { prompt_tokens: 8, total_tokens: 8 },
        };
  return { contentType: "application/json", pieces: [JSON.stringify(json)] };
}

function chatLine(model: string, content: string, rest: object): object {
  return { model, created_at: CREATED_AT, message: { role: "assistant", content }, ...rest };
}

function openAiHead(model: string, object: string): object {
  return { id: "chatcmpl-424", object, created: CREATED, model, system_fingerprint: "fp_ollama" };
}

function final(count: number): object {
  return {
    done: true,
    done_reason: "stop",
    total_duration: 5_043_500_667,
    load_duration: 5_025_959,
    prompt_eval_count: 26,
    prompt_eval_duration: 325_953_000,
    eval_count: count,
    eval_duration: 4_709_213_000,
  };
}
