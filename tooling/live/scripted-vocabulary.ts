import { scripts } from "./scripts.ts";

/** Token types of `tokenizer.ggml.token_type`. */
export const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3, byte: 6 } as const;

export interface Token {
  readonly text: string;
  readonly type: (typeof TOKEN_TYPE)[keyof typeof TOKEN_TYPE];
  /** How much it is wanted where no script decides: off script, or under a grammar. */
  readonly bias: number;
}

export interface Vocabulary {
  readonly tokens: readonly Token[];
  /** Token id → the id that always follows it. */
  readonly next: ReadonlyMap<number, number>;
  readonly endOfTurn: number;
}

const END_OF_TURN = "<|im_end|>";
const SPECIAL = ["<s>", "</s>", "<|im_start|>", END_OF_TURN];
/** Ids follow the order of this list, then that of `scripts`: the file's bytes are pinned by a test. */
const FIRST_STARTS = [
  "say",
  "call",
  "calls",
  "think",
  "loop",
  "leak",
  "json",
  "fill",
  "uni",
  "empty",
  "stuck",
  "prosecall",
  "thinkcall",
  "long",
];
/** Where a grammar leaves a choice, JSON gets closed: a string first, then an object; then things are opened. */
const PREFERENCES: ReadonlyMap<string, number> = new Map([
  ['"', 10],
  ["}", 9.5],
  ["{", 9.2],
  ["]", 8.5],
  [":", 7],
  [",", 6],
  ["[", 4.5],
]);
/** Words that a grammar may force, so that they need not be spelt byte by byte. */
const WORDS = [
  "get_current_weather",
  "location",
  "unit",
  "arguments",
  "name",
  "parameters",
  "celsius",
  "tool_calls",
  "content",
  "Boston",
];

/** The scripts as a vocabulary in which a token knows the one that follows it. Throws when two scripts disagree on that. */
export function scriptedVocabulary(): Vocabulary {
  const tokens: Token[] = [];
  const ids = new Map<string, number>();
  const next = new Map<number, number>();

  function add(token: Token): number {
    ids.set(token.text, tokens.length);
    return tokens.push(token) - 1;
  }
  function addControl(text: string): void {
    // Whatever leaves its script ends the turn.
    add({ text, type: TOKEN_TYPE.control, bias: text === END_OF_TURN ? 20 : -30 });
  }
  function idOf(piece: string): number {
    // Sentencepiece spells a space as U+2581.
    const text = piece.replaceAll(" ", "\u2581");
    return ids.get(text) ?? add({ text, type: TOKEN_TYPE.normal, bias: PREFERENCES.get(text) ?? 0 });
  }

  add({ text: "<unk>", type: TOKEN_TYPE.unknown, bias: -30 });
  for (const text of SPECIAL) addControl(text);
  for (const name of new Set([...FIRST_STARTS, ...Object.keys(scripts)])) addControl(`<|${name}|>`);
  const firstByte = tokens.length;
  for (let byte = 0; byte < 256; byte += 1) {
    add({ text: `<0x${hex(byte)}>`, type: TOKEN_TYPE.byte, bias: byte < 0x80 ? -4 : -10 });
  }

  const endOfTurn = idOf(END_OF_TURN);
  for (const [name, { pieces, repeats }] of Object.entries(scripts)) {
    const said = pieces.map((piece) => (typeof piece === "number" ? firstByte + piece : idOf(piece)));
    const afterwards = (repeats === true ? said[0] : undefined) ?? endOfTurn;
    let last = idOf(`<|${name}|>`);
    for (const id of [...said, afterwards]) {
      if (next.has(last)) throw new Error(`Script "${name}": what follows "${tokens[last]?.text}" is taken.`);
      next.set(last, id);
      last = id;
    }
  }
  for (const text of [...PREFERENCES.keys(), ...WORDS]) idOf(text);
  return { tokens, next, endOfTurn };
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
