import { type Logger, pino } from "pino";
import { toWords } from "../cli/to-words.ts";
import { redact } from "../observe/redact.ts";
import type { ExchangeDetail } from "./show-exchanges.ts";

export interface LogOptions {
  readonly detail: ExchangeDetail;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether people read along: then a line is words, unless `JSON_LOGS` says otherwise. */
  readonly isTerminal: boolean;
  /** Gets a line at a time. Default: standard error. */
  readonly write?: ((line: string) => void) | undefined;
}

/** The log: an object of JSON a line, or the same in words. */
export function createLogger({ detail, environment, isTerminal, write }: LogOptions): Logger {
  const { LITELLM_LOG, JSON_LOGS } = environment;
  const level = detail !== "none" ? "debug" : LITELLM_LOG?.toUpperCase() === "ERROR" ? "error" : "info";
  // To people at once. To a pipe in blocks, a tenth of a second late at most: each line was a system call that held up
  // every stream, for as long as whoever reads the log did not.
  const toStderr = pino.destination(
    isTerminal ? { dest: 2 } : { dest: 2, sync: false, minLength: 8192, periodicFlush: 100 },
  );
  const print = write ?? ((line: string) => void toStderr.write(line));
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
