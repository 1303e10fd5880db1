import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL("node_modules/.cache/python", import.meta.url));
const PACKAGE = "openai>=3,<4";

/** A Python that has `openai`: the one that LLAMADUCT_PYTHON names, else one made here from PyPI; or why there is none. */
export async function findPython(): Promise<{ readonly python: string } | { readonly reason: string }> {
  const { LLAMADUCT_PYTHON: named } = process.env;
  if (named !== undefined && named !== "") return { python: named };
  const python = `${CACHE}/bin/python`;
  try {
    await run(python, ["-c", "import openai"]).catch(() => install(python));
    return { python };
  } catch (error) {
    const [first = ""] = String(error).split("\n");
    return { reason: `LLAMADUCT_PYTHON is not set, and no Python with openai could be made: ${first}` };
  }
}

async function install(python: string): Promise<void> {
  await run("python3", ["-m", "venv", CACHE], { timeout: 60_000 });
  const quick = ["--quiet", "--disable-pip-version-check", "--retries", "0", "--timeout", "10"];
  await run(python, ["-m", "pip", "install", ...quick, PACKAGE], { timeout: 120_000 });
}
