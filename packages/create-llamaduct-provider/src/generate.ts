import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ID = /^[a-z][a-z0-9-]*$/;
/** Files that npm or a tool would take for this package's own. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore", "manifest.json": "package.json" };
const template = fileURLToPath(new URL("../template", import.meta.url));

/**
 * Writes the package `llamaduct-provider-<name>` into a folder of that name under `parent`, and names the folder. Throws
 * when the name cannot be a provider's id, or the folder is there.
 */
export function generate(name: string, parent: string): { readonly folder: string; readonly files: readonly string[] } {
  if (!ID.test(name))
    throw new Error(`"${name}" is no provider id: small letters, digits and hyphens, a letter first.`);
  const folder = `llamaduct-provider-${name}`;
  const target = join(parent, folder);
  if (existsSync(target)) throw new Error(`There is already a ${folder} here.`);
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.length + 1));
  return { folder, files: files.map((file) => write(file, { name, target })) };
}

function write(file: string, { name, target }: { readonly name: string; readonly target: string }): string {
  const written = RENAMED[file] ?? file;
  const text = fill(readFileSync(join(template, file), "utf8"), name);
  mkdirSync(dirname(join(target, written)), { recursive: true });
  writeFileSync(join(target, written), text);
  return written;
}

/** `__name__` → `my-host`, `__Name__` → `MyHost`, `"__range of typescript__"` → `"~6.0.3"`. */
function fill(text: string, name: string): string {
  const pascal = name.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
  return text
    .replaceAll("__name__", name)
    .replaceAll("__Name__", pascal)
    .replace(/__range of ([\w@/-]+)__/g, (_, dependency: string) => rangeOf(dependency));
}

/** What this package was published beside: its own manifest has the ranges. */
function rangeOf(dependency: string): string {
  const manifest: { devDependencies: Record<string, string> } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  const range = manifest.devDependencies[dependency];
  if (range === undefined) throw new Error(`The template depends on ${dependency}, this package does not.`);
  return range;
}
