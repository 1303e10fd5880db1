import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface ManagerCheck {
  /** Where projects are made, one for each manager and package. */
  readonly folder: string;
  /** Absolute paths of tarballs, by package. */
  readonly tarballs: Readonly<Record<string, string>>;
  /** An emulator. */
  readonly url: string;
}

/** What somebody installs who has nothing yet, and the first thing they run. */
const FIRST_STEPS = {
  llamaduct: {
    code: `import { completion } from "llamaduct";
const messages = [{ role: "user", content: "hi" }];
for await (const { choices } of await completion({ model: "ollama_chat/plain", messages, stream: true }))
  process.stdout.write(choices[0]?.delta.content ?? "");`,
    thirdParty: undefined,
  },
  "@llamaduct/ollama-chat": {
    code: `import { createOllamaChat } from "@llamaduct/ollama-chat";
const model = createOllamaChat({ baseURL: process.env.OLLAMA_HOST }).chatModel("plain");
const messages = [{ role: "user", content: [{ type: "text", text: "hi" }] }];
for await (const batch of model.stream({ messages }))
  for (const part of batch) if (part.type === "text-delta") process.stdout.write(part.text);`,
    thirdParty: ["undici", "zod"],
  },
} as const;

/** Each manager's way to be told that our packages' dependencies on each other are tarballs, too. */
const MANAGERS = {
  npm: {
    command: ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--prefer-offline"],
    manifest: (overrides: object) => ({ overrides }),
  },
  pnpm: {
    command: ["pnpm", "install", "--no-frozen-lockfile", "--ignore-scripts", "--silent", "--prefer-offline"],
    manifest: () => ({}),
  },
  yarn: {
    // Its cache goes by version, and ours does not change: a shared one would install yesterday's tarball.
    command: ["npx", "-y", "yarn@1", "install", "--silent", "--ignore-scripts", "--cache-folder", ".cache"],
    manifest: (resolutions: object) => ({ resolutions }),
  },
} as const;

/** In empty projects: an answer streams after one install. Gives what does not hold. */
export async function checkManagers(check: ManagerCheck): Promise<readonly string[]> {
  const findings = await Promise.all(
    objectKeys(MANAGERS).map(async (manager) => {
      if (manager === "yarn" && !(await isReachable())) {
        console.log("pack-test: SKIPPED yarn: npx cannot get it");
        return [];
      }
      const found: string[] = [];
      for (const name of objectKeys(FIRST_STEPS)) found.push(...(await checkInstall(manager, name, check)));
      return found;
    }),
  );
  return findings.flat();
}

async function checkInstall(
  manager: keyof typeof MANAGERS,
  name: keyof typeof FIRST_STEPS,
  { folder, tarballs, url }: ManagerCheck,
): Promise<readonly string[]> {
  const { code, thirdParty } = FIRST_STEPS[name];
  const project = join(folder, `${manager}-${name.replace(/\W/g, "")}`);
  mkdirSync(project);
  const overrides = Object.fromEntries(Object.entries(tarballs).map(([each, path]) => [each, `file:${path}`]));
  const { command, manifest } = MANAGERS[manager];
  const dependencies = { [name]: overrides[name] };
  write(project, "package.json", { private: true, type: "module", dependencies, ...manifest(overrides) });
  // JSON is YAML. Only pnpm reads it.
  write(project, "pnpm-workspace.yaml", { overrides, packages: [] });
  writeFileSync(join(project, "first.js"), code);
  const [file = "", ...args] = command;
  try {
    await run(file, args, { cwd: project, timeout: 180_000 });
    const { stdout } = await run("node", ["first.js"], { cwd: project, env: { ...process.env, OLLAMA_HOST: url } });
    if (!stdout.includes("llama")) return [`${name} by ${manager} answers: ${stdout}`];
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { readonly stdout?: string; readonly stderr?: string };
    return [`${name} by ${manager}: ${message}\n${stdout}${stderr}`];
  }
  const others = installedIn(project).filter((each) => !(each in tarballs));
  const more = thirdParty === undefined ? [] : others.filter((each) => !thirdParty.some((allowed) => allowed === each));
  return more.length === 0 ? [] : [`${name} by ${manager} installs ${more.join(", ")}`];
}

/** Names of everything in a project's `node_modules`, wherever the manager puts what was not asked for by name. */
function installedIn(project: string): readonly string[] {
  const folders = ["node_modules", "node_modules/.pnpm/node_modules"].map((each) => join(project, each));
  const names = folders
    .filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder).flatMap((each) =>
        each.startsWith("@") ? readdirSync(join(folder, each)).map((inner) => `${each}/${inner}`) : [each],
      ),
    );
  return [...new Set(names)].filter((name) => !name.startsWith("."));
}

async function isReachable(): Promise<boolean> {
  return run("npx", ["-y", "yarn@1", "--version"], { timeout: 60_000 }).then(
    () => true,
    () => false,
  );
}

function write(project: string, file: string, content: object): void {
  writeFileSync(join(project, file), JSON.stringify(content, null, 2));
}

function objectKeys<Key extends string>(object: Readonly<Record<Key, unknown>>): readonly Key[] {
  // Literals of this file: they have no other keys.
  return Object.keys(object) as Key[];
}
