/** A computation that reads text and suspends where the text ends for now. Resume it after `feed` or `end`. */
export type Reading<Result> = Generator<undefined, Result, undefined>;

/**
 * Text that arrives in pieces, for recursive descent: `yield*` its methods. Each character is looked at once, so the
 * cost is linear however the text is cut. At the end of all text, `peek` gives "".
 */
export class PieceReader {
  #text = "";
  #at = 0;
  #ended = false;
  #marked = false;
  #markedAt = 0;
  readonly #held: string[] = [];

  feed(piece: string): void {
    if (this.#marked && this.#at > this.#markedAt) this.#held.push(this.#text.slice(this.#markedAt, this.#at));
    this.#text = this.#at < this.#text.length ? this.#text.slice(this.#at) + piece : piece;
    this.#at = 0;
    this.#markedAt = 0;
  }

  /** No more text will come. */
  end(): void {
    this.#ended = true;
  }

  /** From here on what is read is also kept, until `release`. */
  mark(): void {
    this.#marked = true;
    this.#markedAt = this.#at;
    this.#held.length = 0;
  }

  /** What was read since the mark, as it came. */
  release(): string {
    const text = this.#held.join("") + (this.#marked ? this.#text.slice(this.#markedAt, this.#at) : "");
    this.#marked = false;
    this.#held.length = 0;
    return text;
  }

  get isHolding(): boolean {
    return this.#marked && (this.#held.length > 0 || this.#at > this.#markedAt);
  }

  *peek(): Reading<string> {
    while (this.#at >= this.#text.length) {
      if (this.#ended) return "";
      yield;
    }
    return this.#text.charAt(this.#at);
  }

  /** Goes past the character that `peek` gave. */
  take(): void {
    this.#at++;
  }

  /** All that is there of the current piece. */
  takeRest(): string {
    const text = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return text;
  }

  /** What is there of the current piece before a match of `stop`, a pattern with the flag g. May be nothing. */
  takeUntil(stop: RegExp): string {
    stop.lastIndex = this.#at;
    const from = this.#at;
    this.#at = stop.exec(this.#text)?.index ?? this.#text.length;
    return this.#text.slice(from, this.#at);
  }

  /** Past JSON's white space; gives the character after it. */
  *skipSpace(): Reading<string> {
    for (;;) {
      const char = yield* this.peek();
      if (char === "" || !isSpace(char)) return char;
      this.#at++;
    }
  }

  /** Past the one of `literals` that comes, none of which begins another; past as much of one as came otherwise. */
  *skipOneOf(literals: readonly string[]): Reading<string | undefined> {
    let read = "";
    for (;;) {
      const next = read + (yield* this.peek());
      if (next === read || !literals.some((literal) => literal.startsWith(next))) return undefined;
      this.#at++;
      read = next;
      if (literals.includes(read)) return read;
    }
  }

  /** All text up to a closing tag, which is passed. `undefined` if the text ends first. */
  *takeThrough(tag: string): Reading<string | undefined> {
    const pieces: string[] = [];
    for (;;) {
      pieces.push(this.takeUntil(LESS_THAN));
      const char = yield* this.peek();
      if (char === "") return undefined;
      if (char !== "<") continue;
      let matched = 0;
      while (matched < tag.length && (yield* this.peek()) === tag.charAt(matched)) {
        this.#at++;
        matched++;
      }
      if (matched === tag.length) return pieces.join("");
      pieces.push(tag.slice(0, matched));
    }
  }

  /** Past `literal`, if it is what comes. Otherwise past the part of it that came. */
  *skipLiteral(literal: string): Reading<boolean> {
    for (const expected of literal) {
      if ((yield* this.peek()) !== expected) return false;
      this.#at++;
    }
    return true;
  }

  /**
   * A JSON string from its opening quote on, decoded, given as it comes. False if the text ends inside it. An escape
   * that JSON does not have stands for its own character: models write `\'` and `\$`.
   */
  *string(emit: (text: string) => void): Reading<boolean> {
    this.#at++;
    let high = "";
    for (;;) {
      const run = this.takeUntil(QUOTE_OR_BACKSLASH);
      if (run !== "") {
        emit(high === "" ? run : LONE + run);
        high = "";
      }
      const char = yield* this.peek();
      if (char === "") return false;
      if (char !== '"' && char !== "\\") continue;
      this.#at++;
      if (char === '"') {
        if (high !== "") emit(LONE);
        return true;
      }
      const escaped = yield* this.peek();
      if (escaped === "") return false;
      this.#at++;
      const unit = escaped === "u" ? yield* this.#codeUnit() : (ESCAPES[escaped] ?? escaped);
      if (high !== "" && isLow(unit)) emit(high + unit);
      else {
        if (high !== "") emit(LONE);
        if (!isHigh(unit)) emit(isLow(unit) ? LONE : unit);
      }
      high = isHigh(unit) ? unit : "";
    }
  }

  /** A whole JSON string, decoded. */
  *wholeString(): Reading<string | undefined> {
    const pieces: string[] = [];
    return (yield* this.string((piece) => pieces.push(piece))) ? pieces.join("") : undefined;
  }

  /** A JSON value as it is written, white space before it left out. Its inside is not checked. False if the text ends inside it. */
  *value(emit: (text: string) => void): Reading<boolean> {
    const first = yield* this.skipSpace();
    if (first !== '"' && first !== "{" && first !== "[") return yield* this.#scalar(emit);
    let depth = 0;
    let isString = false;
    let isEscaped = false;
    for (;;) {
      const text = this.#text;
      const from = this.#at;
      for (let at = from; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (isEscaped) isEscaped = false;
        else if (code === BACKSLASH) isEscaped = isString;
        else if (code === QUOTE) isString = !isString;
        else if (isString) continue;
        else if (code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
        else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
        if (depth > 0 || isString || isEscaped) continue;
        this.#at = at + 1;
        emit(text.slice(from, at + 1));
        return true;
      }
      this.#at = text.length;
      if (text.length > from) emit(text.slice(from));
      if ((yield* this.peek()) === "") return false;
    }
  }

  *#scalar(emit: (text: string) => void): Reading<boolean> {
    for (;;) {
      const run = this.takeUntil(SCALAR_END);
      if (run !== "") emit(run);
      const char = yield* this.peek();
      if (char === "") return false;
      if (char === "," || char === "}" || char === "]" || isSpace(char)) return true;
    }
  }

  *#codeUnit(): Reading<string> {
    let digits = "";
    while (digits.length < 4) {
      const char = yield* this.peek();
      if (char === "" || !HEX.test(char)) return LONE;
      this.#at++;
      digits += char;
    }
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const QUOTE_OR_BACKSLASH = /["\\]/g;
const LESS_THAN = /</g;
const SCALAR_END = /[\s,}\]]/g;
const HEX = /[0-9a-f]/i;
/** Stands for half a surrogate pair whose other half did not come. */
const LONE = "\ufffd";
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

export function isSpace(char: string): boolean {
  return char === " " || char === "\n" || char === "\r" || char === "\t";
}

function isHigh(unit: string): boolean {
  return unit >= "\ud800" && unit <= "\udbff";
}

function isLow(unit: string): boolean {
  return unit >= "\udc00" && unit <= "\udfff";
}
