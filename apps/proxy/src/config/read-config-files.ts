import { access, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { StartError } from "../cli/start-error.ts";
import { isMapping } from "./is-mapping.ts";
import { type ParsedYaml, parseYaml, type Where } from "./parse-yaml.ts";

/** A file and what it includes, as one. */
export interface ConfigFiles {
  readonly value: Readonly<Record<string, unknown>>;
  readonly where: Where;
  /** Places of keys that stand twice in their map. */
  readonly repeated: readonly string[];
}

/**
 * Reads a file and those under `include`, as LiteLLM merges them: lists are put one after the other, any other key of a
 * later file replaces an earlier one's. A path is looked for beside the file that names it, then beside the first; a file
 * is read once. Throws a `StartError`.
 */
export async function readConfigFiles(path: string): Promise<ConfigFiles> {
  const first = parse(path, await read(path));
  const seen = new Set([resolve(path)]);
  const files = [first];
  for (const file of files) {
    for (const [index, name] of toIncludes(file).entries()) {
      const included = await locate(name, [dirname(file.path), dirname(path)]);
      if (included === undefined) throw new StartError(`${file.where(["include", index])}: there is no file ${name}.`);
      if (seen.has(resolve(included))) continue;
      seen.add(resolve(included));
      files.push(parse(included, await read(included)));
    }
  }
  return merge(files);
}

interface ConfigFile extends ParsedYaml {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new StartError(`The config ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

function parse(path: string, text: string): ConfigFile {
  const { value, ...rest } = parseYaml(path, text);
  if (!isMapping(value ?? {})) throw new StartError(`${path}: the file must be a map.`);
  // An empty file is a map without keys.
  return { ...rest, path, value: (value ?? {}) as ConfigFile["value"] };
}

function toIncludes({ value: { include }, where }: ConfigFile): readonly string[] {
  const list: unknown =
    include === undefined || include === null ? [] : typeof include === "string" ? [include] : include;
  if (Array.isArray(list) && list.every((each) => typeof each === "string")) return list;
  throw new StartError(`${where(["include"])} must be a path or a list of paths.`);
}

async function locate(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const path = name.startsWith("/") ? name : join(folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** Where the values of a key come from: a list's items may stand in several files. */
interface Origin {
  readonly file: ConfigFile;
  /** Index in the merged list of its first item there. */
  readonly start: number;
}

function merge(files: readonly ConfigFile[]): ConfigFiles {
  const value: Record<string, unknown> = {};
  const origins = new Map<string, readonly Origin[]>();
  for (const file of files) {
    for (const [key, added] of Object.entries(file.value)) {
      if (key === "include" && file !== files[0]) continue;
      const before = value[key];
      const isBoth = Array.isArray(before) && Array.isArray(added);
      value[key] = isBoth ? [...before, ...added] : added;
      origins.set(key, [...(isBoth ? (origins.get(key) ?? []) : []), { file, start: isBoth ? before.length : 0 }]);
    }
  }
  return { value, where, repeated: files.flatMap(({ repeated }) => repeated) };

  function where([key, index, ...rest]: readonly PropertyKey[]): string {
    const all = origins.get(String(key)) ?? [];
    const [fallback] = files;
    const origin = all.findLast(({ start }) => typeof index !== "number" || start <= index);
    // Nothing is asked about a key that no file has, but for the whole of them.
    const file = origin?.file ?? fallback;
    if (file === undefined) return "";
    if (key === undefined) return file.where([]);
    if (index === undefined) return file.where([key]);
    return file.where([key, typeof index === "number" ? index - (origin?.start ?? 0) : index, ...rest]);
  }
}
