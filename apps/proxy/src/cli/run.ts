import packageJson from "../../package.json" with { type: "json" };
import { colours, wantsColours } from "./colours.ts";
import { type ParsedCommandLine, parseCommandLine } from "./command-line.ts";
import { StartError } from "./start-error.ts";
import type { Surroundings } from "./surroundings.ts";
import { withDotEnv } from "./with-dot-env.ts";

/**
 * The command `llamaduct`. Gives its exit code: 0 after a stop, 1 when it cannot serve, 2 for a wrong command line, 70
 * after an error that nobody caught.
 */
export async function run(surroundings: Surroundings): Promise<number> {
  const { warn } = colours(wantsColours(surroundings.environment, surroundings.isTerminal ?? false));
  const environment = await withDotEnv(surroundings.environment);
  let parsed: ParsedCommandLine;
  try {
    parsed = parseCommandLine(surroundings.arguments, environment);
  } catch (error) {
    surroundings.complain(`${(error as Error).message}\nTry llamaduct --help.`);
    return 2;
  }
  for (const warning of parsed.warnings) surroundings.complain(warn(`warning: ${warning}`));
  try {
    return await perform(parsed, { ...surroundings, environment });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    surroundings.complain(error.message);
    return 1;
  }
}

/** What is not wanted is not loaded: the help should be there at once, and serving should begin soon. */
async function perform({ options }: ParsedCommandLine, surroundings: Surroundings): Promise<number> {
  if (options.help) {
    const { help } = await import("./help.ts");
    surroundings.print(help());
    return 0;
  }
  if (options.version) {
    surroundings.print(packageJson.version);
    return 0;
  }
  if (options.checkConfig || options.validateConfig || options.skipServerStartup) {
    const { checkConfig } = await import("./check-config.ts");
    return checkConfig(options, surroundings);
  }
  if (options.test || options.health) {
    const { askForAnswer, askForHealth } = await import("./ask-proxy.ts");
    return options.test ? askForAnswer(options, surroundings) : askForHealth(options, surroundings);
  }
  const { withGeneratedKey } = await import("../serve/generated-key.ts");
  const environment = options.generateKey ? withGeneratedKey(surroundings.environment) : surroundings.environment;
  const serving = { ...surroundings, environment };
  if ((options.numWorkers ?? 1) > 1) {
    const { isWorker, runWorkers } = await import("../serve/workers.ts");
    if (!isWorker()) return runWorkers(options.numWorkers ?? 1, serving);
  }
  const { serve } = await import("../serve/serve.ts");
  return serve(options, serving);
}
