import type { TestProject } from "vitest/node";
import { createModels } from "../../tooling/live/create-models.ts";

declare module "vitest" {
  interface ProvidedContext {
    ollamaURL: string;
  }
}

/** Finds the server that `OLLAMA_HOST` names, makes the scripted models on it and tells the tests its URL. */
export async function setup(project: TestProject): Promise<void> {
  const { OLLAMA_HOST: host } = process.env;
  if (host === undefined || host === "") {
    throw new Error("Set OLLAMA_HOST to the Ollama server to test against, such as http://127.0.0.1:11434.");
  }
  const baseURL = toURL(host);
  const response = await fetch(`${baseURL}/api/version`).catch(() => undefined);
  if (response?.ok !== true)
    throw new Error(`No Ollama server answers at ${baseURL}, which is what OLLAMA_HOST names.`);
  await createModels(baseURL);
  project.provide("ollamaURL", baseURL);
}

/** Ollama's own reading of the variable: the scheme may be left out, and without one the port too. */
function toURL(host: string): string {
  if (/^https?:\/\//.test(host)) return host.replace(/\/+$/, "");
  const url = new URL(`http://${host}`);
  return `http://${url.hostname}:${url.port || 11434}`;
}
