/** One line of `/api/chat` with these fields in its message. */
export function line(message: object): string {
  return `${JSON.stringify({ model: "m", message: { role: "assistant", content: "", ...message }, done: false })}\n`;
}

/** The last line of an answer. */
export function done(reason = "stop"): string {
  const counters = { prompt_eval_count: 7, eval_count: 3 };
  const message = { role: "assistant", content: "" };
  return `${JSON.stringify({ model: "m", message, done: true, done_reason: reason, ...counters })}\n`;
}

/** A tool call as Ollama sends one: arguments are an object. */
export function call(name: string, args: object): object {
  return { function: { name, arguments: args } };
}
