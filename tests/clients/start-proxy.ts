import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@llamaduct/ollama-emulator";
import { onTestFinished } from "vitest";
import { run } from "../../apps/proxy/src/cli/run.ts";

export interface ClientProxy {
  /** As clients take it, with `/v1`. */
  readonly baseURL: string;
  readonly emulator: Emulator;
}

/**
 * The command that people start, on a free port, in front of an emulator; both end with the test. Of its models the
 * config says that `native` has tools and `fallback` has none; of `tools` and `plain`, which are the same, it says nothing.
 */
export async function startProxy(settings: object = {}): Promise<ClientProxy> {
  const emulator = await startEmulator();
  const folder = await mkdtemp(join(tmpdir(), "llamaduct-clients-"));
  const config = join(folder, "config.yaml");
  await writeFile(config, configFor(emulator.url, settings));
  const stop = new AbortController();
  const complaints: string[] = [];
  const banner = Promise.withResolvers<string>();
  const ended = run({
    arguments: ["--config", config, "--port", "0"],
    // What the tests are about is in the answers.
    environment: { LITELLM_LOG: "ERROR" },
    print: banner.resolve,
    complain: (text) => void complaints.push(text),
    stop: stop.signal,
  });
  onTestFinished(async () => {
    stop.abort();
    await ended;
    await emulator.close();
    await rm(folder, { recursive: true });
  });
  const early = ended.then((code) => {
    throw new Error(`The proxy ended with ${code}: ${complaints.join("\n")}`);
  });
  const [, baseURL] = /base URL for an OpenAI client: (\S+)/.exec(await Promise.race([banner.promise, early])) ?? [];
  if (baseURL === undefined || complaints.length > 0) throw new Error(`No clean start: ${complaints.join("\n")}`);
  return { baseURL, emulator };
}

function configFor(url: string, settings: object): string {
  const models = [
    { name: "native", model: "tools", tools: true },
    { name: "fallback", model: "plain", tools: false },
    { name: "tools", model: "tools" },
    { name: "plain", model: "plain" },
  ];
  return JSON.stringify({
    litellm_settings: settings,
    model_list: models.map(({ name, model, tools }) => ({
      model_name: name,
      litellm_params: { model: `ollama_chat/${model}`, api_base: url },
      ...(tools !== undefined && { model_info: { supports_function_calling: tools } }),
    })),
  });
}
