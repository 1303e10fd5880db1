// A release, tried on a copy: versions and changelogs are made, every package is packed as npm would get it and looked at, and
// VERSIONING.md's "who moves with whom" is asked of changesets. Publishes nothing. Needs a build.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Manifest, readPackages, report, root } from "./workspace.ts";

interface Release {
  readonly name: string;
  readonly type: "none" | "patch" | "minor" | "major";
  readonly newVersion: string;
}

const packages = readPackages();
const folder = mkdtempSync(join(tmpdir(), "llamaduct-release-"));
const copy = join(folder, "copy");
try {
  makeCopy();
  const planned = plan();
  run("changeset", ["version"]);
  commit();
  report("release:dry", [...packages.flatMap((pack) => tarballFindings(pack, planned)), ...movingFindings()]);
} finally {
  rmSync(folder, { recursive: true });
}

/** The working tree with what is built, as a repository of its own: changesets look into its history. */
function makeCopy(): void {
  mkdirSync(copy);
  const { stdout } = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const built = packages.map((pack) => `${pack.folder}/dist`);
  for (const path of [...stdout.split("\0"), ...built].filter((name) => name !== "" && existsSync(join(root, name))))
    cpSync(join(root, path), join(copy, path), { recursive: true });
  run("git", ["init", "--quiet", "--initial-branch=main"]);
  commit();
}

function commit(): void {
  run("git", ["add", "--all"]);
  const author = ["-c", "user.name=release:dry", "-c", "user.email=release@example.org", "-c", "commit.gpgsign=false"];
  run("git", [...author, "commit", "--quiet", "--allow-empty", "--message", "release:dry"]);
}

/** What a release would bump now. */
function plan(): readonly Release[] {
  const file = join(folder, "status.json");
  run("changeset", ["status", "--output", file]);
  const { releases } = JSON.parse(readFileSync(file, "utf8")) as { readonly releases: readonly Release[] };
  return releases.filter(({ type }) => type !== "none");
}

function tarballFindings(
  { name, folder: path, manifest: before }: ReturnType<typeof readPackages>[number],
  planned: readonly Release[],
): readonly string[] {
  const versionOf = (id: string) =>
    planned.find((release) => release.name === id)?.newVersion ??
    packages.find((pack) => pack.name === id)?.manifest.version;
  const tarball = join(folder, "package.tgz");
  run("pnpm", ["pack", "--out", tarball], join(copy, path));
  const files = run("tar", ["-tf", tarball]).split("\n");
  const read = (file: string) => run("tar", ["-xOf", tarball, `package/${file}`]);
  const { version, dependencies, peerDependencies, bin, exports } = JSON.parse(read("package.json")) as Manifest;
  console.log(`  ${name} ${before.version} → ${version}, ${files.length - 1} files`);

  const findings: string[] = [];
  const expect = (holds: boolean, what: string) => holds || findings.push(`${name}: ${what}`);
  expect(version === versionOf(name), `the tarball has version ${version}, planned is ${versionOf(name)}`);
  for (const [id, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    expect(!/^(workspace|catalog|file|link):/.test(range), `${id} is still ${range}`);
    const own = packages.some((pack) => pack.name === id);
    expect(!own || range === `^${versionOf(id)}`, `it wants ${id} ${range}, which is ${versionOf(id)}`);
  }
  for (const file of ["README.md", "LICENSE", ...Object.values(bin ?? {})])
    expect(files.includes(`package/${file.replace("./", "")}`), `there is no ${file}`);
  expect(!JSON.stringify(exports ?? {}).includes("/src/"), "it exports sources");
  expect(!files.some((file) => /^package\/src\/|\.test\./.test(file)), "it holds sources or tests");
  if (planned.some((release) => release.name === name))
    expect(files.includes("package/CHANGELOG.md") && read("CHANGELOG.md").includes(`## ${version}`), "no changelog");
  const { status, stdout } = spawnSync("publint", ["run", tarball, "--strict"], { encoding: "utf8" });
  expect(status === 0, `publint:\n${stdout}`);
  rmSync(tarball);
  return findings;
}

/** After the release: what a change to one package does to the others. */
function movingFindings(): readonly string[] {
  const adapters = ["@llamaduct/ollama-chat", "@llamaduct/ollama-generate", "@llamaduct/openai-compatible"];
  return [
    ...adapters.flatMap((name) => {
      const moved = planFor(name, "patch").map((release) => `${release.name} ${release.type}`);
      const expected = [name, "@llamaduct/proxy", "llamaduct"].map((each) => `${each} patch`);
      return same(moved, expected) ? [] : [`a patch to ${name} moves ${moved.join(", ")}`];
    }),
    ...planFor("@llamaduct/core", "minor")
      .filter(({ name, type }) => name !== "@llamaduct/core" && type !== "patch")
      .map(({ name, type }) => `a minor of @llamaduct/core is a ${type} of ${name}`),
  ];
}

function planFor(name: string, type: Release["type"]): readonly Release[] {
  const file = join(copy, ".changeset/release-dry.md");
  writeFileSync(file, `---\n"${name}": ${type}\n---\n\nTried.\n`);
  try {
    return plan();
  } finally {
    rmSync(file);
  }
}

function same(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}

function run(command: string, args: readonly string[], cwd = copy): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 120_000 });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}${error ?? ""}`);
}
