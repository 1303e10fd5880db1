/** A line of the log for people: when, how bad, what, and the fields that say more. */
export function toWords(line: string): string {
  // Written by pino, which makes nothing else.
  const { time, level, msg = "", err, pid, hostname, ...rest } = JSON.parse(line) as LogLine;
  const { what, fields } = msg === "request" ? request(rest) : { what: msg, fields: rest };
  const details = Object.entries(fields).map(([name, value]) => `${name}=${text(value)}`);
  const words = [new Date(time).toTimeString().slice(0, 8), LEVELS[level] ?? "", what, ...details];
  const trouble = err === undefined ? "" : `\n${err.stack ?? err.message}`;
  return words.filter((word) => word !== "").join(" ") + trouble;
}

interface LogLine {
  readonly time: number;
  readonly level: number;
  readonly msg?: string;
  readonly err?: { readonly message: string; readonly stack?: string };
  readonly pid?: unknown;
  readonly hostname?: unknown;
  readonly [field: string]: unknown;
}

/** What is usual says nothing of itself. */
const LEVELS: Readonly<Record<number, string>> = { 40: "warning", 50: "error", 60: "fatal" };

/** What most lines are about, shorter. */
function request({ method, route, status, totalMs, startedAt, outcome, firstPartMs, stream, ...rest }: Fields) {
  const duration = `${Math.round(Number(totalMs))} ms`;
  const isGone = outcome === "client_gone";
  return { what: `${method} ${route} ${isGone ? "client gone" : status} ${duration}`, fields: rest };
}

type Fields = Readonly<Record<string, unknown>>;

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
