import { toOutcome } from "../fuzz/to-outcome.ts";
import type { Answered, Question } from "./ask.ts";
import { CALL, MANY_PIECES, PIECE, PIECES } from "./stand-in.ts";

/** One kind of request, and what its whole answer must be. */
export interface Kind {
  readonly name: string;
  readonly weight: number;
  readonly question: Question;
  readonly isRight: (answer: Answered) => boolean;
}

const messages = [{ role: "user", content: "Why is the sky blue?" }];
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ type: "function", function: { name: "get_weather", parameters } }];
const chat = (body: object, more: Partial<Question> = {}): Question => ({
  path: "/v1/chat/completions",
  body: { messages, ...body },
  ...more,
});
const TEXT = PIECE.repeat(PIECES);

/** What teams ask for. */
export const KINDS: readonly Kind[] = [
  {
    name: "stream",
    weight: 35,
    question: chat({ model: "plain", stream: true, stream_options: { include_usage: true } }),
    isRight: ({ text }) => toOutcome(text).text === TEXT,
  },
  {
    name: "whole",
    weight: 20,
    question: chat({ model: "plain" }),
    isRight: ({ text }) => JSON.parse(text).choices[0].message.content === TEXT,
  },
  {
    name: "native tools",
    weight: 10,
    question: chat({ model: "native", tools }),
    isRight: ({ text }) => JSON.parse(text).choices[0].message.tool_calls[0].function.arguments === CALL,
  },
  {
    name: "fallback tools",
    weight: 10,
    question: chat({ model: "plain", tools, tool_choice: "required", stream: true }),
    isRight: ({ text }) => toOutcome(text).calls[0]?.[1] === CALL,
  },
  {
    name: "text",
    weight: 5,
    question: { path: "/v1/completions", body: { model: "plain-generate", prompt: "Why?", stream: true } },
    isRight: ({ text }) => text.endsWith("data: [DONE]\n\n"),
  },
  {
    name: "embeddings",
    weight: 10,
    question: { path: "/v1/embeddings", body: { model: "embedder", input: ["a", "b"] } },
    isRight: ({ text }) => JSON.parse(text).data.length === 2,
  },
  {
    name: "models",
    weight: 5,
    question: { path: "/v1/models" },
    isRight: ({ text }) => JSON.parse(text).data.length > 0,
  },
  {
    name: "slow reader",
    weight: 1,
    question: chat({ model: "long", stream: true }, { pauseMs: 20 }),
    isRight: ({ text }) => toOutcome(text).text.length === PIECE.length * MANY_PIECES,
  },
  {
    name: "refused",
    weight: 4,
    question: chat({ model: "nobody-has-it" }),
    isRight: ({ status }) => status === 404,
  },
];
