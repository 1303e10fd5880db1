import type { Options } from "tsup";

/** One build for every package: ESM, rolled-up declarations, workspace packages and dependencies left as imports. */
export function build(entry: string): Options {
  return {
    entry: [entry],
    format: "esm",
    target: "node22",
    dts: { compilerOptions: { customConditions: [], allowImportingTsExtensions: false } },
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    // `node:` says what is Node's; checks on the emitted files and bundlers for other runtimes rely on it.
    removeNodeProtocol: false,
  };
}
