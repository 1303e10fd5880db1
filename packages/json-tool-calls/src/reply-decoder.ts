import { type FinishReason, ProviderError } from "@llamaduct/core";
import type { PartWriter } from "./part-writer.ts";
import { isSpace, PieceReader, type Reading } from "./piece-reader.ts";
import { createStopSequences } from "./stop-sequences.ts";

export interface ReplyDecoderOptions {
  /** Names of the tools that may be called. */
  readonly names: ReadonlySet<string>;
  readonly mayAnswer: boolean;
  /** The answer is JSON, to be given as it is written; otherwise a string, to be given decoded. */
  readonly isJsonAnswer: boolean;
  readonly oneCall: boolean;
  /** Ends the answer, never a call. */
  readonly stop: readonly string[];
  readonly generateId: () => string;
  readonly writer: PartWriter;
}

export interface ReplyDecoder {
  /** Reads on and writes what comes of it. Throws `upstream_protocol_error`. */
  write(text: string): void;
  /** Nothing more of interest will come: the rest of the upstream need not be waited for. */
  readonly isDone: boolean;
  /** The upstream has ended. Gives the reason to tell: a reply that was over before has stopped. Throws `upstream_protocol_error`. */
  end(reason: FinishReason): FinishReason;
  /** The upstream has failed: writes what was kept. */
  fail(): void;
}

/** White space after the reply that is waited through, for the sake of the usage that comes with a proper end (G5). */
const MAX_TRAILING_SPACE = 64;

/**
 * Reads a reply that should follow the grammar. Where nothing held the model to it, its shape decides: prose and JSON of
 * another kind are an answer, with a warning; a bare `{"name", "arguments"}` of a known tool is a call; a code fence
 * around it all is skipped. What is neither, or is no call where one was demanded, is an error.
 */
export function createReplyDecoder(options: ReplyDecoderOptions): ReplyDecoder {
  const { names, mayAnswer, isJsonAnswer, oneCall, generateId, writer } = options;
  const reader = new PieceReader();
  const [only] = names.size === 1 ? names : [];
  const stop = createStopSequences(options.stop);
  let phase: "undecided" | "answer" | "calls" | "complete" = "undecided";
  let isDone = false;
  let isFenced = false;
  let trailing = 0;
  let calls = 0;
  let openCall: { readonly id: string; hasArguments: boolean } | undefined;
  let isInsideCall = false;

  function emitText(piece: string): void {
    if (isDone) return;
    const { text, isHit } = stop.push(piece);
    writer.text(text);
    isDone ||= isHit;
  }

  function warn(message: string): void {
    writer.part({ type: "warning", warning: { setting: "tools", message } });
  }

  function* read(): Reading<void> {
    reader.mark();
    const key = yield* decide();
    if (typeof key === "object") {
      reader.release();
      phase = "calls";
      yield* callArguments(key.tool);
      closeCall();
    } else if (key === undefined || (key === "answer" && !mayAnswer)) {
      if (!mayAnswer) throw broken("The model did not call a tool, though it had to.");
      return yield* plain();
    } else {
      reader.release();
      yield* member(key);
    }
    yield* members();
    phase = "complete";
  }

  /** The first key, if the reply has one of those it should have; or the tool that a bare call names. */
  function* decide(): Reading<"answer" | "tool_calls" | { readonly tool: string } | undefined> {
    let first = yield* reader.skipSpace();
    if (first === "`") {
      if (!(yield* reader.skipLiteral("```"))) return undefined;
      if ((yield* reader.peek()) === "j" && !(yield* reader.skipLiteral("json"))) return undefined;
      first = yield* reader.skipSpace();
      isFenced = true;
    }
    if (first !== "{") return undefined;
    reader.take();
    const key = yield* memberKey();
    if (key === "answer" || key === "tool_calls") return key;
    if (key !== "name" || (yield* reader.skipSpace()) !== '"') return undefined;
    const tool = yield* reader.wholeString();
    if (tool === undefined || !names.has(tool) || (yield* reader.skipSpace()) !== ",") return undefined;
    reader.take();
    const next = yield* memberKey();
    return next !== undefined && ARGUMENTS.has(next) && (yield* reader.skipSpace()) === "{" ? { tool } : undefined;
  }

  function* memberKey(): Reading<string | undefined> {
    if ((yield* reader.skipSpace()) !== '"') return undefined;
    const key = yield* reader.wholeString();
    if ((yield* reader.skipSpace()) !== ":") return undefined;
    reader.take();
    return key;
  }

  function* plain(): Reading<void> {
    phase = "answer";
    isFenced = false;
    warn("The model did not keep to the form it was asked for. Its reply is passed on as it is.");
    emitText(reader.release());
    for (;;) {
      yield* reader.peek();
      emitText(reader.takeRest());
    }
  }

  /** The members after the first, up to the end of the reply's object; none behind a stop sequence. */
  function* members(): Reading<void> {
    while (!isDone && (yield* punctuation(",}")) === ",") {
      const key = yield* memberKey();
      if (key === undefined) throw broken("The model wrote broken JSON.");
      if (key === "tool_calls" || (key === "answer" && mayAnswer)) yield* member(key);
      else yield* reader.value(ignore);
    }
  }

  function* member(key: "answer" | "tool_calls"): Reading<void> {
    const first = yield* reader.skipSpace();
    // Without a grammar, models fill in the key that they do not use.
    if (first === "n" && !isJsonAnswer) return void (yield* reader.value(ignore));
    if (key === "answer") {
      phase = "answer";
      if (first === '"' && !isJsonAnswer) yield* reader.string(emitText);
      else yield* reader.value(emitText);
      writer.text(stop.flush());
      return;
    }
    phase = "calls";
    yield* punctuation("[");
    if ((yield* reader.skipSpace()) === "]") return reader.take();
    do yield* call();
    while ((yield* punctuation(",]")) === ",");
  }

  function* call(): Reading<void> {
    isInsideCall = true;
    yield* punctuation("{");
    const early: string[] = [];
    let hasArguments = false;
    while ((yield* reader.skipSpace()) !== "}") {
      const key = yield* memberKey();
      if (key === "name" && (yield* reader.skipSpace()) === '"') startCall((yield* reader.wholeString()) ?? "", early);
      else if (key !== undefined && ARGUMENTS.has(key)) {
        if (hasArguments) throw broken("The model gave one call arguments twice.");
        hasArguments = yield* readArguments((piece) => early.push(piece));
      } else if (key !== undefined) yield* reader.value(ignore);
      else throw broken("The model wrote broken JSON.");
      if ((yield* reader.skipSpace()) === ",") reader.take();
    }
    reader.take();
    if (openCall === undefined && !isSurplus()) throw broken("The model called a tool without naming it.");
    closeCall();
  }

  function* callArguments(tool: string): Reading<void> {
    isInsideCall = true;
    startCall(tool, []);
    yield* readArguments(ignore);
  }

  /** Arguments as the model wrote them: an object, or such an object inside a string. False for `null`. */
  function* readArguments(keep: (text: string) => void): Reading<boolean> {
    const first = yield* reader.skipSpace();
    if (first === "n") {
      yield* reader.value(ignore);
      return false;
    }
    if (first !== "{" && first !== '"') throw broken(NO_OBJECT);
    // Some servers sort a schema's keys, so that arguments come first; of a single tool the name is known all the same.
    if (openCall === undefined && only !== undefined) startCall(only, []);
    const emit = (piece: string) => (openCall === undefined ? keep(piece) : emitArguments(piece));
    if (first === "{") yield* reader.value(emit);
    else yield* reader.string(objectOnly(emit));
    return true;
  }

  function startCall(tool: string, early: readonly string[]): void {
    if (isSurplus()) return;
    if (!names.has(tool)) throw broken("The model called a tool that it does not have.");
    if (openCall !== undefined) return;
    openCall = { id: generateId(), hasArguments: false };
    writer.part({ type: "tool-call-start", id: openCall.id, name: tool });
    for (const piece of early) emitArguments(piece);
  }

  function emitArguments(piece: string): void {
    if (openCall === undefined) return;
    openCall.hasArguments = true;
    writer.arguments(openCall.id, piece);
  }

  function closeCall(): void {
    if (openCall !== undefined && !openCall.hasArguments) writer.arguments(openCall.id, "{}");
    if (openCall !== undefined) calls++;
    else if (isSurplus()) warn("The model made more than one call. Only the first is passed on.");
    openCall = undefined;
    isInsideCall = false;
  }

  function isSurplus(): boolean {
    return oneCall && calls > 0;
  }

  function* punctuation(allowed: string): Reading<string> {
    const char = yield* reader.skipSpace();
    if (!allowed.includes(char)) throw broken("The model wrote broken JSON.");
    reader.take();
    return char;
  }

  function readTrailing(text: string): void {
    for (const char of text) {
      if (isSpace(char) || (isFenced && char === "`")) trailing++;
      else {
        warn("The model went on after the end of its reply. The rest is left out.");
        isDone = true;
      }
      isDone ||= trailing > MAX_TRAILING_SPACE;
      if (isDone) return;
    }
  }

  const reading = read();
  return {
    get isDone() {
      return isDone;
    },
    write(text) {
      if (isDone) return;
      reader.feed(text);
      if (phase !== "complete") reading.next();
      if (phase === "complete" && !isDone) readTrailing(reader.takeRest());
    },
    end(told) {
      const reason = isDone ? "stop" : told;
      const isEnough = reason === "stop" || reason === "tool-calls";
      // A reply that was cut off inside `{"tool_ca` says nothing; one that ends there was meant so.
      if (phase === "undecided" && isEnough) endUndecided();
      writer.text(stop.flush());
      if (isEnough && isInsideCall) throw broken("The model ended its reply in the middle of a call.");
      if (openCall !== undefined && !openCall.hasArguments) writer.arguments(openCall.id, "");
      if (isInsideCall && openCall === undefined && !isSurplus())
        warn("The reply was cut off inside a call before it named the tool. That call is left out.");
      const called = calls + (openCall === undefined ? 0 : 1);
      if (isEnough && !mayAnswer && called === 0) throw broken("The model did not call a tool, though it had to.");
      return called > 0 && reason === "stop" ? "tool-calls" : reason;
    },
    fail() {
      writer.text(stop.flush());
    },
  };

  function endUndecided(): void {
    const text = reader.release();
    if (text.trim() === "" || !mayAnswer) return;
    warn("The model did not keep to the form it was asked for. Its reply is passed on as it is.");
    emitText(text);
  }
}

const ARGUMENTS: ReadonlySet<string> = new Set(["arguments", "parameters"]);
const NO_OBJECT = "The model called a tool with arguments that are no object.";

function ignore(): void {}

/** Passes on text that begins as an object does, without the white space before it. */
function objectOnly(emit: (text: string) => void): (piece: string) => void {
  let hasBegun = false;
  return (piece) => {
    const text = hasBegun ? piece : piece.trimStart();
    if (text === "") return;
    if (!hasBegun && !text.startsWith("{")) throw broken(NO_OBJECT);
    hasBegun = true;
    emit(text);
  };
}

function broken(message: string): ProviderError {
  return new ProviderError({ code: "upstream_protocol_error", message });
}
