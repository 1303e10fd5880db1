/** Lines with text in one answer; a final line without any follows them. */
export const LINES = 500;

/** One line in eight is not Latin-1, as in any answer with a dash, a curly quote or an emoji in it. */
const WORDS = [" the", " sky", " looks", " blue", " since", " air", " scatters", " light—“天”"];

const texts: readonly string[] = Array.from({ length: LINES }, (_, index) => WORDS[index % WORDS.length] ?? "");

export const ANSWER: string = texts.join("");

/** What Ollama sends for one streamed chat, line by line; about 130 bytes each. */
export function toLines(model: string): readonly string[] {
  const event = (content: string, rest: object) =>
    `${JSON.stringify({ model, created_at: "2026-11-22T10:00:00.123456789Z", message: { role: "assistant", content }, ...rest })}\n`;
  return [...texts.map((text) => event(text, { done: false })), event("", FINAL)];
}

const FINAL = {
  done: true,
  done_reason: "stop",
  total_duration: 5_043_500_667,
  load_duration: 5_025_959,
  prompt_eval_count: 26,
  prompt_eval_duration: 325_953_000,
  eval_count: LINES,
  eval_duration: 4_709_213_000,
};
