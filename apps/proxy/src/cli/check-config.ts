import { formatReport } from "../config/format-report.ts";
import { startEngine } from "../serve/start-engine.ts";
import type { CommandLine } from "./command-line.ts";
import { readSettings } from "./read-settings.ts";
import { StartError } from "./start-error.ts";
import type { Surroundings } from "./surroundings.ts";

/** Prints what becomes of each key of the config. Gives 0, or throws a `StartError` for one that cannot be served. */
export async function checkConfig(options: CommandLine, { environment, print }: Surroundings): Promise<number> {
  if (options.config === undefined) throw new StartError("There is no config to check: name one with --config.");
  const { engine, report } = await readSettings(options, environment);
  (await startEngine(engine)).close();
  print(formatReport(report));
  return 0;
}
