import type { Ask } from "./ask.ts";
import { textOf, VECTORS } from "./models.ts";

interface Event {
  readonly message?: { readonly content: string };
  readonly choices?: readonly {
    readonly delta?: Said | null;
    readonly message?: Said;
  }[];
}

interface Said {
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly function?: { readonly arguments?: string } }[];
}

interface Embeddings {
  readonly embeddings?: readonly (readonly number[])[];
  readonly data?: readonly { readonly embedding: string | readonly number[] }[];
}

/** Throws unless every word, and every number, is what the upstream sent: through whatever API, streamed or whole. */
export function checkAnswer(ask: Ask, body: string): void {
  const isRight = ask.kind === "embeddings" ? hasVectors(JSON.parse(body)) : saidIn(body) === expected(ask);
  if (!isRight) throw new Error(`The answer is not what the upstream sent; it begins: ${body.slice(0, 500)}`);
}

function expected({ model, tool }: Ask): string {
  const text = textOf(model);
  return tool ? JSON.stringify(JSON.parse(text).tool_calls[0].arguments) : text;
}

function saidIn(body: string): string {
  const lines = body.split("\n").map((line) => line.replace(/^data: /, ""));
  return lines
    .filter((line) => line.startsWith("{"))
    .map((line) => saidOf(JSON.parse(line)))
    .join("");
}

function saidOf({ message, choices }: Event): string {
  const said: Said = message ?? choices?.[0]?.delta ?? choices?.[0]?.message ?? {};
  return said.content ?? said.tool_calls?.[0]?.function?.arguments ?? "";
}

/** OpenAI's are 32-bit floats, little-endian, in base64; a server may send numbers all the same. */
function hasVectors({ embeddings, data = [] }: Embeddings): boolean {
  const vectors =
    embeddings ?? data.map(({ embedding }) => (typeof embedding === "string" ? floats(embedding) : embedding));
  const isSame = (left: number | undefined, right: number) => Math.abs((left ?? Number.NaN) - right) < 1e-7;
  return VECTORS.every((vector, input) => vector.every((number, index) => isSame(vectors[input]?.[index], number)));
}

function floats(base64: string): readonly number[] {
  const bytes = Buffer.from(base64, "base64");
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
