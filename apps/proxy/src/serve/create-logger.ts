import { type Logger, pino } from "pino";
import { toWords } from "../cli/to-words.ts";
import { redact } from "../observe/redact.ts";
import type { ExchangeDetail } from "./show-exchanges.ts";

export interface LogOptions {
  readonly detail: ExchangeDetail;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether people read along: then a line is words, unless `JSON_LOGS` says otherwise. */
  readonly isTerminal: boolean;
  /** Once it is aborted, whoever reads standard error has a second for each block of it. */
  readonly stop?: AbortSignal | undefined;
  /** Gets a line at a time. Default: standard error. */
  readonly write?: ((line: string) => void) | undefined;
}

/** The log: an object of JSON a line, or the same in words. */
export function createLogger({ detail, environment, isTerminal, stop, write }: LogOptions): Logger {
  const { LITELLM_LOG, JSON_LOGS } = environment;
  const level = detail !== "none" ? "debug" : LITELLM_LOG?.toUpperCase() === "ERROR" ? "error" : "info";
  const print = write ?? toStderr(isTerminal, stop);
  const isJson = !isTerminal || /^(true|1)$/i.test(JSON_LOGS ?? "");
  return pino(
    { level, serializers: { err: redactedError } },
    { write: isJson ? print : (line) => print(`${toWords(line)}\n`) },
  );
}

/** What adapters and libraries throw may say what they were called with. */
function redactedError(error: Error): object {
  const told = pino.stdSerializers.err(error);
  return { ...told, message: redact(told.message), stack: redact(told.stack) };
}

type Print = (line: string) => void;

/** To people at once. */
function toStderr(isTerminal: boolean, stop: AbortSignal | undefined): Print {
  if (!isTerminal) return toPipe(stop);
  const stderr = pino.destination(2);
  return (line) => void stderr.write(line);
}

/**
 * In blocks, a tenth of a second late at most: each line was a system call that held up every stream, for as long as
 * whoever reads the log did not. One who never reads holds up nothing, not the end of the process either.
 */
function toPipe(stop: AbortSignal | undefined): Print {
  let isExiting = false;
  let isOver = false;
  let triesLeft = 10;
  const pipe = pino.destination({
    dest: 2,
    sync: false,
    minLength: 8192,
    periodicFlush: 100,
    maxLength: 64 * 1024 * 1024,
    // Every 100 ms.
    retryEAGAIN: () => !(isExiting || stop?.aborted) || triesLeft-- > 0,
  });
  const giveUp = () => {
    isOver = true;
    pipe.destroy();
  };
  pipe.on("write", () => {
    triesLeft = 10;
  });
  // A log that cannot be written is no reason to stop answering.
  pipe.on("error", () => {
    if (stop?.aborted) giveUp();
  });
  // Before pino's own, which would throw.
  process.once("exit", () => {
    isExiting = true;
    try {
      if (!isOver) pipe.flushSync();
    } catch {
      giveUp();
    }
  });
  return (line) => {
    if (!isOver) pipe.write(line);
  };
}
