import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The fields of a package.json that the gates read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly type?: string;
  readonly license?: string;
  readonly sideEffects?: boolean;
  readonly engines?: { readonly node?: string };
  readonly repository?: { readonly directory?: string };
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Exports;
  readonly publishConfig?: { readonly access?: string; readonly exports?: Exports };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export type Exports = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

export interface WorkspacePackage {
  readonly name: string;
  /** Relative to the repository: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The repository's absolute path. */
export const root: string = fileURLToPath(new URL("..", import.meta.url));

/** Every package under `packages/` and `apps/`, private ones left out. */
export function readPackages(): readonly WorkspacePackage[] {
  return ["packages", "apps"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => {
      const manifest = readManifest(folder);
      return { name: manifest.name, folder, manifest };
    })
    .filter((pack) => pack.manifest.private !== true);
}

/** The package.json in a folder of the repository; "." is the root's. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

/** Packs a package as it would be published (built files, publishConfig applied, workspace versions) and returns the tarball's path. */
export async function packInto(destination: string, pack: WorkspacePackage): Promise<string> {
  const tarball = join(destination, `${pack.name.replace("@", "").replace("/", "-")}.tgz`);
  await promisify(execFile)("pnpm", ["pack", "--out", tarball], { cwd: join(root, pack.folder) });
  return tarball;
}

/** The last lines of a gate: one per finding, and the exit code that says whether there were any. */
export function report(gate: string, findings: readonly string[]): void {
  for (const finding of findings) console.error(`${gate}: ${finding}`);
  if (findings.length > 0) process.exitCode = 1;
  else console.log(`${gate}: ok`);
}
