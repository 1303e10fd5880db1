// Ollama behind OpenAI's API on Fastify and undici, each line parsed and written by itself.
// Usage: node fastify-server.ts http://127.0.0.1:UPSTREAM PORT
import Fastify from "fastify";
import { request } from "undici";

interface Question {
  readonly model: string;
  readonly messages: readonly object[];
  readonly stream?: boolean;
  readonly input: readonly string[];
}

interface Line {
  readonly message: { readonly content: string };
  readonly done: boolean;
  readonly prompt_eval_count: number;
  readonly eval_count: number;
}

const [upstream = "", port = ""] = process.argv.slice(2);
const app = Fastify({ bodyLimit: 64 * 1024 * 1024, keepAliveTimeout: 75_000 });
let answers = 0;

app.get("/", async () => "");

app.post<{ Body: Question }>("/v1/chat/completions", async ({ body: { model, messages, stream = false } }, reply) => {
  const id = `chatcmpl-${++answers}`;
  const created = Math.floor(Date.now() / 1000);
  const body = await post("/api/chat", { model, messages: messages.map(toOllama), stream });
  if (!stream) {
    // What the stand-in sends.
    const line = (await body.json()) as Line;
    const choice = { index: 0, message: { role: "assistant", ...line.message }, finish_reason: "stop" };
    return { id, object: "chat.completion", created, model, choices: [choice], usage: toUsage(line) };
  }
  reply.hijack();
  reply.raw.writeHead(200, { "content-type": "text/event-stream" });
  reply.raw.once("close", () => body.destroy());
  const head = { id, object: "chat.completion.chunk", created, model };
  const send = (rest: object) => reply.raw.write(`data: ${JSON.stringify({ ...head, ...rest })}\n\n`);
  let left = "";
  body.setEncoding("utf8");
  for await (const text of body) {
    const lines = (left + text).split("\n");
    left = lines.pop() ?? "";
    for (const each of lines) {
      const line: Line = JSON.parse(each);
      const delta = line.done ? {} : { content: line.message.content };
      send({ choices: [{ index: 0, delta, finish_reason: line.done ? "stop" : null }] });
      if (line.done) send({ choices: [], usage: toUsage(line) });
    }
  }
  reply.raw.end("data: [DONE]\n\n");
  return reply;
});

app.post<{ Body: Question }>("/v1/embeddings", async ({ body: { model, input } }) => {
  const body = await post("/api/embed", { model, input });
  // What the stand-in sends.
  const { embeddings } = (await body.json()) as { readonly embeddings: readonly (readonly number[])[] };
  const data = embeddings.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: Buffer.from(new Float32Array(vector).buffer).toString("base64"),
  }));
  return { object: "list", data, model, usage: { prompt_tokens: 8, total_tokens: 8 } };
});

async function post(path: string, body: object) {
  const headers = { "content-type": "application/json" };
  return (await request(upstream + path, { method: "POST", headers, body: JSON.stringify(body) })).body;
}

interface Part {
  readonly text?: string;
  readonly image_url?: { readonly url: string };
}

/** Images stand beside the text there. */
function toOllama(message: object): object {
  if (!("content" in message) || !Array.isArray(message.content)) return message;
  const parts: readonly Part[] = message.content;
  const images = parts.flatMap(({ image_url }) => (image_url === undefined ? [] : [image_url.url.split(",")[1]]));
  return { ...message, content: parts.map(({ text = "" }) => text).join(""), images };
}

function toUsage({ prompt_eval_count, eval_count }: Line) {
  const total_tokens = prompt_eval_count + eval_count;
  return { prompt_tokens: prompt_eval_count, completion_tokens: eval_count, total_tokens };
}

await app.listen({ host: "127.0.0.1", port: Number(port) });
