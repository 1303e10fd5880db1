import { run } from "../../apps/proxy/src/cli/run.ts";

export interface CommandSurroundings {
  readonly environment: Readonly<Record<string, string>>;
  readonly print?: (text: string) => void;
  /** Default: at once. */
  readonly stop?: AbortSignal;
}

export interface CommandEnd {
  readonly code: number;
  /** What it said, complaints included. */
  readonly printed: string;
}

/** The command line in this process, until it ends by itself or is stopped. */
export async function runCommand(args: readonly string[], surroundings: CommandSurroundings): Promise<CommandEnd> {
  const { environment, print = () => {}, stop = AbortSignal.abort() } = surroundings;
  const printed: string[] = [];
  const say = (text: string) => void printed.push(text);
  const code = await run({
    arguments: args,
    environment,
    print: (text) => {
      say(text);
      print(text);
    },
    complain: say,
    log: () => {},
    stop,
  });
  return { code, printed: printed.join("\n") };
}
