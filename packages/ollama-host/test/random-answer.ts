/** An integer from 0 to `below` - 1. */
export type Pick = (below: number) => number;

/** The member that holds a line's text, as JSON. */
export type ToLine = (json: string) => string;

/** A stream of lines as servers write them, wrong ones among them. */
export function randomAnswer(pick: Pick, toLine: ToLine): Buffer {
  const body = Buffer.from(Array.from({ length: pick(8) }, () => randomLine(pick, toLine)).join(""));
  if (pick(12) === 0 && body.length > 0) body[pick(body.length)] = pick(256);
  return body;
}

const WORDS = [
  "",
  " the",
  "<think>",
  "\\u003cb\\u003e",
  '\\"',
  "\\\\",
  "\\n",
  "天",
  "💧",
  "\\ud83d\\udca7",
  "\\ud800",
  "\u2028",
];
const BROKEN = ['"', "\\", "\\x", "\t", "\\u12"];

function randomLine(pick: Pick, toLine: ToLine): string {
  const head = `{"model":"m${pick(20) === 0 ? "\\u0041" : ""}","created_at":"2026-11-24T10:00:00.${pick(1000)}Z",`;
  const ending = pick(5) === 0 ? "\r\n" : "\n";
  if (pick(12) > 0) {
    const words = Array.from({ length: pick(4) }, () => WORDS[pick(WORDS.length)]).join("");
    const text = pick(30) === 0 ? words + BROKEN[pick(BROKEN.length)] : words;
    return `${head}${toLine(`"${text}"`)},"done":false}${ending}`;
  }
  const others = [
    "",
    '{"error":"boom"}',
    '{"done":true',
    `${head}${toLine('""')},"done":true,"done_reason":"stop","eval_count":2}`,
    `${head}${toLine('"x"')},"done":false,"unknown":1}`,
    `${head}${toLine('"x","thinking":"y"')},"done":false}`,
    `${head}"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":false}`,
    `${head}${toLine("1")},"done":false}`,
  ];
  return others[pick(others.length)] + ending;
}
