// node json-schema.ts [MODEL]: an answer in a given form, as a typed object. Needs `npm install llamaduct zod`.
import { completion } from "llamaduct";
import { z } from "zod";

const model = process.argv[2] ?? "ollama_chat/llama3.1";
const Verdict = z.object({ answer: z.string(), score: z.number().int() });

const { choices } = await completion({
  model,
  messages: [{ role: "user", content: "Is the sky blue? Answer, and say how sure you are, from 0 to 10." }],
  response_format: Verdict,
});
const verdict = choices[0]?.message.parsed;
if (verdict === undefined || verdict === null) throw new Error("no verdict");
console.log(verdict.answer.toUpperCase(), verdict.score + 1);
