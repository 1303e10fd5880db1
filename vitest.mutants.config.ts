import { defineConfig, mergeConfig, type Plugin } from "vitest/config";
import { type Mutant, mutants } from "./tooling/mutants.ts";
import base from "./vitest.config.ts";

/** The usual tests on code with one fault in it: `MUTANT` is its place in tooling/mutants.ts. Without it, as it is. */
export default mergeConfig(
  base,
  defineConfig({
    plugins: [mutate(mutants[Number(process.env["MUTANT"] || Number.NaN)])],
    // A cached module would be the last mutant's.
    test: { typecheck: { enabled: false }, fsModuleCache: false },
  }),
);

function mutate(mutant: Mutant | undefined): Plugin {
  return {
    name: "mutate",
    enforce: "pre",
    transform: (code, id) =>
      mutant && id.endsWith(mutant.file) ? code.replace(mutant.find, () => mutant.replace) : undefined,
  };
}
