import type { Options } from "tsup";

/**
 * One build for every package: ESM, rolled-up declarations, workspace packages and dependencies left as imports. Further
 * entries have no declarations: they are commands, or stand in for the first.
 */
export function build(entry: string | string[], ...others: readonly string[]): Options {
  return {
    entry: [entry, ...others].flat(),
    format: "esm",
    target: "node22",
    dts: { entry, compilerOptions: { customConditions: [], allowImportingTsExtensions: false } },
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    // `node:` says what is Node's; checks on the emitted files and bundlers for other runtimes rely on it.
    removeNodeProtocol: false,
  };
}
