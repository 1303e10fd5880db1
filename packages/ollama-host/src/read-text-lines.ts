/** Lines of an answer that are a piece of text and nothing else, in these words and this order: nearly all of a stream. */
export interface TextLines {
  /** The texts, each the inside of its JSON string as it stands there; empty ones say nothing and are left out. */
  readonly literals: readonly string[];
  /** Where the first line begins that is something else, or the block ends. */
  readonly end: number;
}

const PLAIN = String.raw`[^"\\\x00-\x1f]*`;
const LITERAL = String.raw`${PLAIN}(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})${PLAIN})*`;

/** Matches such a line where it begins; `before` and `after` are expressions for what stands around its text. */
export function textLine(before: string, after: string): RegExp {
  const head = String.raw`\{"model":"${PLAIN}","created_at":"${PLAIN}",`;
  return new RegExp(String.raw`${head}${before}"(${LITERAL})"${after}\r?\n`, "y");
}

/**
 * Reads such lines off a block of whole lines. Parsing them is the largest cost of a stream; a line that is any other,
 * however little, is the parser's.
 */
export function readTextLines(block: string, at: number, line: RegExp): TextLines {
  const literals: string[] = [];
  let end = at;
  line.lastIndex = at;
  for (let match = line.exec(block); match !== null; match = line.exec(block)) {
    end = line.lastIndex;
    const [, literal] = match;
    if (literal) literals.push(literal);
  }
  return { literals, end };
}
