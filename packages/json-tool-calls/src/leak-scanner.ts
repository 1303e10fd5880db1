import { PieceReader, type Reading } from "./piece-reader.ts";
import {
  type KnownTools,
  type LeakedCall,
  type LeakedCalls,
  readCallList,
  readCallObject,
  readFunctionTag,
  readNamedCall,
} from "./read-leaked-calls.ts";

export interface LeakScannerOptions {
  readonly tools: KnownTools;
  readonly onText: (text: string) => void;
  readonly onCalls: (calls: readonly LeakedCall[]) => void;
}

export interface LeakScanner {
  write(text: string): void;
  /** Whether text is kept back that may be part of a call. */
  readonly isHolding: boolean;
  /** No more text will come: decides about what is held. */
  end(): void;
  /** Lets what is held go as text. */
  giveUp(): void;
}

/**
 * Finds calls in text. One may begin
 *
 * - with a marker, anywhere but in code: `<tool_call>`, `<function=`, `[TOOL_CALLS]`, and what else `CLOSERS` lists,
 * - with `{` or `[{` at the start of a line: then it must go on to the end of the text, or to `</tool_call>`,
 * - with a code fence at the very start: then the fence must be all there is.
 *
 * Text is held from such a place on, for as long as it may still become a call of a known tool with an object of
 * arguments; white space only where no text has gone before it. What becomes none goes as it came.
 */
export function createLeakScanner({ tools, onText, onCalls }: LeakScannerOptions): LeakScanner {
  const reader = new PieceReader();
  let isStart = true;
  let isLineStart = true;
  let isCode = false;
  let isTicked = false;

  function emit(text: string): void {
    if (text === "") return;
    isStart = false;
    isTicked = text.endsWith("`");
    onText(text);
  }

  function* scan(): Reading<void> {
    for (let hasCalls = false; ; hasCalls = true) {
      reader.mark();
      const char = yield* reader.skipSpace();
      if (char === "" && hasCalls) reader.release();
      // What led to calls before may lead to more: the space between them is not text.
      const calls = yield* readCalls(char);
      if (calls === undefined && !(yield* prose())) return;
      if (calls !== undefined) found(calls);
    }
  }

  /** Passes text on up to a call, which it tells. False where the text ends. */
  function* prose(): Reading<boolean> {
    letGo();
    for (;;) {
      const run = reader.takeUntil(CANDIDATE);
      if (run !== "") {
        isLineStart &&= run.trim() === "";
        emit(run);
      }
      const char = yield* reader.peek();
      if (char === "") return false;
      if (char === "\n" || char === "`") yield* breakOrTick(char);
      if (!"<[{".includes(char)) continue;
      reader.mark();
      const calls = yield* readCalls(char);
      if (calls !== undefined) {
        found(calls);
        return true;
      }
      if (!reader.isHolding) reader.take();
      letGo();
    }
  }

  function* breakOrTick(char: string): Reading<void> {
    if (char === "\n" || !isLineStart) {
      reader.take();
      emit(char);
      isLineStart = char === "\n";
      return;
    }
    let ticks = 0;
    for (; ticks < 3 && (yield* reader.peek()) === "`"; ticks++) {
      reader.take();
      emit("`");
    }
    if (ticks === 3) isCode = !isCode;
    isLineStart = false;
  }

  function found(calls: readonly LeakedCall[]): void {
    reader.release();
    onCalls(calls);
    isStart = false;
    isLineStart = true;
    isTicked = false;
  }

  function letGo(): void {
    const text = reader.release();
    if (isLineStart && (text.match(FENCES)?.length ?? 0) % 2 === 1) isCode = true;
    if (text !== "") isLineStart = /(^|\n)[ \t]*$/.test(text) && (isLineStart || text.includes("\n"));
    emit(text);
  }

  function* readCalls(char: string): LeakedCalls {
    if (isCode || isTicked) return undefined;
    if (char === "<") return yield* tagged();
    if (char === "[") return yield* bracketed();
    if (char === "{" && isLineStart) return yield* bare(yield* readCallObject(reader, tools));
    if (char === "`" && isStart) return yield* fenced();
    if (char === "f" && isStart)
      return (yield* reader.skipLiteral("functools[")) ? yield* bare(yield* readCallList(reader, tools)) : undefined;
    return undefined;
  }

  function* tagged(): LeakedCalls {
    const marker = yield* reader.skipOneOf(MARKERS);
    if (marker === undefined) return undefined;
    if (marker === "<function=") return yield* readFunctionTag(reader, tools);
    const closer = CLOSERS[marker] ?? "";
    const calls: LeakedCall[] = [];
    for (;;) {
      const more = yield* readBody();
      if (more === undefined) return undefined;
      calls.push(...more);
      const char = yield* reader.skipSpace();
      if (char === "") return calls;
      if (char === "," || char === ";") reader.take();
      // Some models close a tag by opening it once more.
      else if (char === "<") {
        const tag = yield* reader.skipOneOf([closer, marker]);
        if (tag === undefined) return undefined;
        if (tag === closer) return calls;
        const after = yield* reader.skipSpace();
        if (after === "" || !"{[<".includes(after)) return calls;
      } else if (char !== "{") return undefined;
    }
  }

  function* readBody(): LeakedCalls {
    const char = yield* reader.skipSpace();
    if (char === "{") return yield* readCallObject(reader, tools);
    if (char === "[") {
      reader.take();
      return yield* readCallList(reader, tools);
    }
    if (char !== "<") return undefined;
    return (yield* reader.skipLiteral("<function=")) ? yield* readFunctionTag(reader, tools) : undefined;
  }

  function* bracketed(): LeakedCalls {
    const canBeList = isLineStart;
    reader.take();
    const next = yield* reader.peek();
    if (next !== "T") return canBeList ? yield* bare(yield* readCallList(reader, tools)) : undefined;
    if (!(yield* reader.skipLiteral("TOOL_CALLS]"))) return undefined;
    const char = yield* reader.skipSpace();
    return char === "{" || char === "[" ? yield* readBody() : yield* readNamedCall(reader, tools);
  }

  /** Calls without a marker count only if nothing but more of them follows. */
  function* bare(first: readonly LeakedCall[] | undefined): LeakedCalls {
    const calls = [...(first ?? [])];
    for (let isCall = first !== undefined; isCall; ) {
      const char = yield* reader.skipSpace();
      if (char === "") return calls;
      if (char === "<") return (yield* reader.skipLiteral("</tool_call>")) ? calls : undefined;
      if (char === "," || char === ";") {
        reader.take();
        continue;
      }
      const more = char === "{" ? yield* readCallObject(reader, tools) : undefined;
      calls.push(...(more ?? []));
      isCall = more !== undefined;
    }
    return undefined;
  }

  function* fenced(): LeakedCalls {
    if (!(yield* reader.skipLiteral("```"))) return undefined;
    if (!"{[\n ".includes(yield* reader.peek()) && !(yield* reader.skipOneOf(FENCED))) return undefined;
    const calls: LeakedCall[] = [];
    for (let char = yield* reader.skipSpace(); char !== "`"; char = yield* reader.skipSpace()) {
      const more = char === "{" || char === "[" ? yield* readBody() : undefined;
      if (more === undefined) return undefined;
      calls.push(...more);
    }
    const isClosed = yield* reader.skipLiteral("```");
    return isClosed && calls.length > 0 && (yield* reader.skipSpace()) === "" ? calls : undefined;
  }

  const scanning = scan();
  return {
    get isHolding() {
      return reader.isHolding;
    },
    write(text) {
      reader.feed(text);
      scanning.next();
    },
    end() {
      reader.end();
      scanning.next();
    },
    giveUp() {
      emit(reader.release());
    },
  };
}

const CLOSERS: Readonly<Record<string, string>> = {
  "<tool_call>": "</tool_call>",
  "<tool_calls>": "</tool_calls>",
  "<function_call>": "</function_call>",
  "<functioncall>": "</functioncall>",
  "<tools>": "</tools>",
  "<|tool_call|>": "<|/tool_call|>",
  "<|python_tag|>": "<|eom_id|>",
};
const MARKERS = [...Object.keys(CLOSERS), "<function="];
const FENCED = ["json", "tool_call", "tool_code"];
const FENCES = /(?:^|\n)[ \t]*```/g;
const CANDIDATE = /[<[{`\n]/g;
