// node chat.ts [MODEL]: a whole answer, a streamed one, and what comes when it fails. Needs `npm install llamaduct`.
import { completion, NotFoundError } from "llamaduct";

const model = process.argv[2] ?? "ollama_chat/llama3.1";
const messages = [{ role: "user", content: "Why is the sky blue?" }] as const;

const whole = await completion({ model, messages, timeout: 120, num_retries: 1 });
console.log(whole.choices[0]?.message.content);

const stream = await completion({ model, messages, stream: true });
for await (const { choices } of stream) process.stdout.write(choices[0]?.delta.content ?? "");
process.stdout.write("\n");

try {
  await completion({ model: "no-such-model", messages });
} catch (error) {
  if (!(error instanceof NotFoundError)) throw error;
  console.log(error.status, error.code, error.message);
}
