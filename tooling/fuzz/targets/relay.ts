import { deepStrictEqual } from "node:assert";
import { ProviderError } from "../../../packages/core/src/provider-error.ts";
import { createLlamaduct, type Llamaduct } from "../../../packages/llamaduct/src/create-llamaduct.ts";
import { createOllamaChat } from "../../../packages/ollama-chat/src/ollama-chat.ts";
import { seededRandom } from "../../../packages/openai-dialect/test/seeded-random.ts";
import { cut, uncut } from "../cut.ts";
import type { Target } from "../target.ts";
import { toOutcome } from "../to-outcome.ts";
import { ndjson } from "./ndjson.ts";

const messages = [{ role: "user", content: "hi" }];
const parameters = { type: "object", properties: { city: { type: "string" } } };
const tools = [{ type: "function", function: { name: "f", parameters } }];
const REQUESTS: readonly object[] = [
  { model: "m", messages, stream: true },
  { model: "m", messages, stream: true, stream_options: { include_usage: true }, tools },
  { model: "m", messages, stream: true, merge_reasoning_content_in_choices: true },
];

let body: AsyncIterable<Uint8Array> = uncut(new Uint8Array());
const engine = createEngine();

/** The same bytes from the upstream to the client's events: however they are cut, and with no line that is read unparsed. */
export const relay: Target = {
  name: "relay",
  quick: 2000,
  inputs: ndjson.inputs,
  async check(input, seed) {
    const pick = seededRandom(seed);
    const request = REQUESTS[pick(REQUESTS.length)];
    const fast = await ask(request, cut(input, pick));
    deepStrictEqual(fast, await ask(request, uncut(toParsed(input))));
  },
};

/** A space where no server writes one, and every line is the parser's. */
function toParsed(input: Uint8Array): Uint8Array {
  return Buffer.from(
    Buffer.from(input)
      .toString("latin1")
      .replace(/(^|\n)\{"/g, '$1{ "'),
    "latin1",
  );
}

async function ask(request: unknown, answer: AsyncIterable<Uint8Array>): Promise<unknown> {
  body = answer;
  try {
    const { body } = await engine.chat(request);
    if (!("toEvents" in body)) throw new Error("A stream was asked for.");
    const pieces: Uint8Array[] = [];
    for await (const piece of body.toEvents()) pieces.push(piece);
    return toOutcome(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces)));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { failure: error.code };
  }
}

function createEngine(): Llamaduct {
  const transport = async ({ url }: { readonly url: string }) => {
    const isChat = url.endsWith("/api/chat");
    return { status: isChat ? 200 : 404, headers: {}, body: isChat ? body : uncut(Buffer.from("{}")) };
  };
  let ids = 0;
  const generateId = () => `call_${ids++}`;
  return createLlamaduct({
    providers: [{ specVersion: 1, id: "ollama_chat", create: () => createOllamaChat({ transport, generateId }) }],
    // Every answer counts for itself.
    routing: { cooldowns: false, retries: 0, status: { intervalMs: 0 } },
  });
}
