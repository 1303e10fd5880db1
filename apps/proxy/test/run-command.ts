import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { run } from "../src/cli/run.ts";

export type Environment = Readonly<Record<string, string>>;

export interface Outcome {
  readonly code: number;
  readonly printed: readonly string[];
  readonly complaints: readonly string[];
}

/** What a command line comes to that ends by itself; one that would serve is stopped at once. */
export async function outcome(
  args: readonly string[],
  environment: Environment = {},
  stop: AbortSignal = AbortSignal.abort(),
): Promise<Outcome> {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await run({
    arguments: args,
    environment,
    print: (text) => void printed.push(text),
    complain: (text) => void complaints.push(text),
    log: () => {},
    stop,
  });
  return { code, printed, complaints };
}

export interface RunningCommand {
  readonly banner: string;
  readonly url: string;
  readonly complaints: readonly string[];
  /** Lines of the log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  reload(): void;
  /** As if an error had been caught by nobody. */
  crash(error: unknown): Promise<number>;
  /** Gives the exit code. */
  stopped(): Promise<number>;
}

/** A command line that serves, until the test ends. */
export async function started(args: readonly string[], environment: Environment): Promise<RunningCommand> {
  const [stop, crash] = [new AbortController(), new AbortController()];
  const banner = Promise.withResolvers<string>();
  const complaints: string[] = [];
  const log: Readonly<Record<string, unknown>>[] = [];
  const reloads: (() => void)[] = [];
  const ended = run({
    arguments: args,
    environment,
    print: banner.resolve,
    complain: (text) => void complaints.push(text),
    log: (line) => void log.push(JSON.parse(line)),
    stop: stop.signal,
    crash: crash.signal,
    onReload: (listener) => void reloads.push(listener),
  });
  ended.then(() => banner.reject(new Error(`It ended: ${complaints.join("\n")}`)), banner.reject);
  onTestFinished(async () => {
    stop.abort();
    await ended;
  });
  const text = await banner.promise;
  const [, url = ""] = /listens on (https?:\/\/[^\s,]+)/.exec(text) ?? [];
  return {
    banner: text,
    url,
    complaints,
    log,
    reload: () => {
      for (const listener of reloads) listener();
    },
    crash: (error) => {
      crash.abort(error);
      return ended;
    },
    stopped: () => {
      stop.abort();
      return ended;
    },
  };
}

/** A file in a folder of its own, removed with the test. */
export async function file(text: string, name = "config.yaml"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "llamaduct-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
