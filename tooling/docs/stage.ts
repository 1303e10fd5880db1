import { startEmulator } from "../../packages/ollama-emulator/src/index.ts";
import { runCommand } from "./run-command.ts";

/** Where blocks run: the proxy in front of recorded answers. */
export interface Stage extends AsyncDisposable {
  /** A block's code with this proxy's address in it, and models that have recordings. */
  set(code: string): string;
  /** What a reader would have set. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Pages name models that people have. */
const STAND_INS: readonly (readonly [RegExp, string])[] = [
  [/\bllama3\.2(:[\w.-]+)?\b/g, "tools"],
  [/\bqwen3(:[\w.-]+)?\b/g, "thinkcall"],
  [/\bqwen2\.5-coder(:[\w.-]+)?\b/g, "coder"],
  [/\bnomic-embed-text(:[\w.-]+)?\b/g, "embedder"],
];

export async function startStage(): Promise<Stage> {
  const emulator = await startEmulator();
  const stop = new AbortController();
  const listening = Promise.withResolvers<string>();
  const ended = runCommand(["--port", "0"], {
    environment: { OLLAMA_HOST: emulator.url },
    print: (banner) => listening.resolve(/listens on http:\/\/([^\s,]+)/.exec(banner)?.[1] ?? ""),
    stop: stop.signal,
  });
  ended.then(
    ({ code, printed }) => listening.reject(new Error(`The proxy ended with ${code}: ${printed}`)),
    listening.reject,
  );
  const address = await listening.promise;
  return {
    set: (code) =>
      STAND_INS.reduce((text, [name, standIn]) => text.replaceAll(name, standIn), code).replaceAll(
        /(127\.0\.0\.1|localhost):4000\b/g,
        address,
      ),
    environment: { ...process.env, OLLAMA_HOST: emulator.url, LITELLM_MASTER_KEY: "sk-of-the-docs" },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
      await emulator.close();
    },
  };
}
