import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createRegistry, type ProviderFactory } from "@llamaduct/core";
import { isMapping } from "./is-mapping.ts";
import type { Fault } from "./to-deployments.ts";

export interface LoadedProviders {
  /** Those that were there before, each in its place unless the file has one of its id, then the file's. */
  readonly providers: readonly ProviderFactory[];
  readonly faults: readonly Fault[];
}

export interface ProviderSources {
  readonly known: readonly ProviderFactory[];
  /** Where packages and paths are looked for, in order. */
  readonly folders: readonly string[];
}

/** Imports what stands under `providers`: packages, and files named by a path that begins with a dot or a slash. */
export async function loadProviders(
  names: readonly string[],
  { known, folders }: ProviderSources,
): Promise<LoadedProviders> {
  const faults: Fault[] = [];
  let providers = known;
  for (const [index, name] of names.entries()) {
    try {
      const loaded = await load(name, folders);
      const own = known.find(({ id }) => id === loaded.id);
      // The file's word wins over what comes along, as another version of a package that does.
      const next =
        own !== undefined && providers.includes(own)
          ? providers.map((each) => (each === own ? loaded : each))
          : [...providers, loaded];
      // It says what is wrong with a factory: its spec version, or an id that is taken.
      createRegistry(next);
      providers = next;
    } catch (error) {
      const reason = (error as Error).message.replace(/\.$/, "");
      faults.push({ keys: ["providers", index], message: `names "${name}", which cannot be used: ${reason}` });
    }
  }
  return { providers, faults };
}

async function load(name: string, folders: readonly string[]): Promise<ProviderFactory> {
  const path = folders.map((folder) => locate(name, folder)).find((found) => found !== undefined);
  if (path === undefined) throw new Error(`it is not in ${folders.join(", nor in ")}`);
  if (!existsSync(path)) throw new Error(`it has no file ${path}; is it built?`);
  const { provider } = (await import(pathToFileURL(path).href)) as { readonly provider?: unknown };
  if (!isMapping(provider) || typeof provider["create"] !== "function" || typeof provider["id"] !== "string")
    throw new Error("it exports no provider");
  // The registry looks at the spec version; what `create` gives is guarded like any provider.
  return provider as unknown as ProviderFactory;
}

/** The file that `import` in that folder would look for. */
export function locate(name: string, folder: string): string | undefined {
  const { resolve: find } = createRequire(resolve(folder, "config.yaml"));
  try {
    return find(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Its `exports` are for `import` alone, which Node resolves from its own file only; or name a file that is not there.
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED" || code === "MODULE_NOT_FOUND")
      return locateImported(name, find.paths(name) ?? []);
    throw error;
  }
}

function locateImported(name: string, folders: readonly string[]): string | undefined {
  const folder = folders.map((each) => join(each, name)).find((each) => existsSync(join(each, "package.json")));
  if (folder === undefined) return undefined;
  const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly exports?: unknown };
  const entry = pick(isMapping(exports) && "." in exports ? exports["."] : exports);
  return entry && join(folder, entry);
}

const CONDITIONS = ["node", "import", "default"];

function pick(target: unknown): string | undefined {
  if (typeof target === "string" || !isMapping(target)) return typeof target === "string" ? target : undefined;
  const options = Object.entries(target).filter(([condition]) => CONDITIONS.includes(condition));
  return options.map(([, inner]) => pick(inner)).find((found) => found !== undefined);
}
