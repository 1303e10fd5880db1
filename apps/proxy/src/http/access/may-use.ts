import type { Asker } from "./keyring.ts";

/** Whether a key may ask for a model: by its name, or by a pattern in which `*` stands for any text. */
export function mayUse({ key }: Asker, model: string): boolean {
  return key?.models?.some((pattern) => pattern === ALL || matchesName(pattern, model)) ?? true;
}

/** LiteLLM's word for every model. */
const ALL = "all-proxy-models";

/** Whether a pattern, in which `*` stands for any text, is about a name. */
export function matchesName(pattern: string, model: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return pattern === model;
  if (model.length < head.length + tail.length || !model.startsWith(head) || !model.endsWith(tail)) return false;
  const end = model.length - tail.length;
  let at = head.length;
  for (const part of rest) {
    const found = model.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
