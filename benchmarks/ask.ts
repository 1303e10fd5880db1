import { EMBEDDINGS } from "./models.ts";

/** What a client wants, whichever API it speaks. */
export interface Ask {
  readonly kind: "chat" | "embeddings";
  /** One of the stand-in's. */
  readonly model: string;
  readonly stream: boolean;
  /** What stands in the chat. Default: one short question. */
  readonly prompt?: readonly Message[] | undefined;
  /** One tool, `note`. */
  readonly tool?: boolean | undefined;
}

export interface Message {
  readonly role: "user" | "assistant";
  readonly text: string;
  /** Base64 of a PNG. */
  readonly image?: string | undefined;
}

export interface HttpRequest {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: object;
}

const QUESTION: readonly Message[] = [{ role: "user", text: "Why is the sky blue?" }];
const INPUTS = Array.from({ length: EMBEDDINGS.inputs }, (_, index) => `Sentence ${index} of those to compare.`);
const TOOL = {
  type: "function",
  function: {
    name: "note",
    description: "Keeps a note.",
    parameters: { type: "object", properties: { text: { type: "string" } }, required: ["text"] },
  },
};

/** As Ollama's own API has it. */
export function toOllama({ kind, model, stream, prompt = QUESTION }: Ask): HttpRequest {
  if (kind === "embeddings") return { path: "/api/embed", body: { model, input: INPUTS } };
  const messages = prompt.map(({ role, text, image }) => ({
    role,
    content: text,
    ...(image !== undefined && { images: [image] }),
  }));
  return { path: "/api/chat", body: { model, messages, stream } };
}

/** As OpenAI's has it, usage asked for. */
export function toOpenAi({ kind, model, stream, prompt = QUESTION, tool = false }: Ask): HttpRequest {
  if (kind === "embeddings")
    return { path: "/v1/embeddings", body: { model, input: INPUTS, encoding_format: "base64" } };
  const messages = prompt.map(({ role, text, image }) => ({ role, content: toContent(text, image) }));
  const streaming = stream ? { stream, stream_options: { include_usage: true } } : { stream };
  return { path: "/v1/chat/completions", body: { model, messages, ...streaming, ...(tool && { tools: [TOOL] }) } };
}

function toContent(text: string, image: string | undefined): unknown {
  if (image === undefined) return text;
  return [
    { type: "text", text },
    { type: "image_url", image_url: { url: `data:image/png;base64,${image}` } },
  ];
}
