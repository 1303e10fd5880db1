// node chat.ts [MODEL]: a whole answer, then a streamed one. Needs `npm install openai` and a running proxy.
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: process.env["OPENAI_BASE_URL"] ?? "http://127.0.0.1:4000/v1",
  apiKey: process.env["LITELLM_MASTER_KEY"] ?? "none",
});
const model = process.argv[2] ?? "llama3.2";
const messages = [{ role: "user", content: "Why is the sky blue?" } as const];

const whole = await client.chat.completions.create({ model, messages });
console.log(whole.choices[0]?.message.content);

const stream = await client.chat.completions.create({ model, messages, stream: true });
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
process.stdout.write("\n");
