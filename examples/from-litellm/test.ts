// test.py in TypeScript: node test.ts. Needs `npm install openai`.
import OpenAI from "openai";

const client = new OpenAI({
  baseURL: process.env["PROXY_URL"] ?? "http://0.0.0.0:4000",
  apiKey: process.env["LITELLM_MASTER_KEY"] ?? "temp-key",
});
const stream = await client.chat.completions.create({
  model: "ollama/llama2",
  messages: [{ role: "user", content: "Say that you got this." }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
process.stdout.write("\n");
