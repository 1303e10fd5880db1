/**
 * Whether a `pattern` may be sent to an engine that makes a grammar of it. Engines know few regular expressions, and what
 * they do with the others was seen on real ones: answers that are no JSON (`.`, `[^a]`), a refusal (no anchors), an
 * endless loop (`^]$`), or the end of the server's process (`(?:a)`, `\d`). So only what they are known to get right.
 */
export function isEnginePattern(pattern: string): boolean {
  return pattern.length <= MAX_LENGTH && PLAIN.test(pattern) && isRegExp(pattern);
}

const MAX_LENGTH = 256;
/** ASCII, of which bytes and characters are the same. No quote: a grammar would let it into a JSON string as it is. */
const LITERAL = /[\w !#%&',/:;<=>@`~-]/;
const ESCAPED = /\\[\^$.*+?()[\]{}|]/;
const CLASS = /\[(?:[0-9]-[0-9]|[a-z]-[a-z]|[A-Z]-[A-Z]|[\w !#%&',/:;<=>@`~.*+?()|$])+-?\]/;
const REPEAT = /[*+?]|\{\d{1,3}(?:,\d{0,3})?\}/;
/**
 * A group may be optional, but not repeated: an empty one, repeated, is one of those that end the process. Nor may an
 * escaped character: with `a\\.{2}` engines repeat both.
 */
const PLAIN: RegExp = new RegExp(
  `^\\^(?:\\((?![?)])|\\)\\??|\\||${ESCAPED.source}(?![*+?{])|(?:${LITERAL.source}|${CLASS.source})(?:${REPEAT.source})?)*\\$$`,
);

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
