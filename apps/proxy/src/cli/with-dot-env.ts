import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of `.env` in the working directory, under those that are set. Not in LiteLLM's mode for production. */
export async function withDotEnv(environment: Environment, path = ".env"): Promise<Environment> {
  if (environment["LITELLM_MODE"] === "PRODUCTION") return environment;
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "EISDIR") return "";
    throw error;
  });
  return { ...parseEnv(text), ...environment };
}
