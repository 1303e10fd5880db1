import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProxyProcess, startProxyProcess } from "../proxy-process.ts";
import { root } from "../workspace.ts";
import { type Inspector, inspect } from "./inspector.ts";

export const KEY = "sk-soak-8d1f0b7c5e";
const MODELS = ["plain", "long", "endless", "native", "embedder"];

/** The proxy as it was built, a config, and an inspector's view of it. */
export interface Gateway extends Pick<ProxyProcess, "url" | "port" | "pid" | "ended"> {
  readonly inspector: Inspector;
  /** Lines of its log that blame itself. */
  readonly complaints: readonly string[];
  /** A config of other words and the same models, and the signal to read it. */
  reload(): void;
  stop(): Promise<void>;
}

/** `debugPort` is the inspector's. */
export async function startGateway(upstreams: readonly string[], debugPort: number): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), "llamaduct-soak-"));
  const config = join(folder, "config.yaml");
  let version = 0;
  const write = () => {
    version += 1;
    writeFileSync(config, toConfig(upstreams, version));
  };
  write();
  const complaints: string[] = [];
  const debugger_ = Promise.withResolvers<string>();
  const proxy = await startProxyProcess({
    command: [
      `--inspect=127.0.0.1:${debugPort}`,
      `${root}apps/proxy/dist/main.js`,
      ...["--config", config, "--host", "127.0.0.1", "--port", "0"],
    ],
    environment: {},
    onLine(line) {
      const [, url] = /Debugger listening on (ws:\S+)/.exec(line) ?? [];
      if (url !== undefined) debugger_.resolve(url);
      if (/"level":(?:50|60)|MaxListeners|Warning:|nobody caught/.test(line)) complaints.push(line);
    },
  });
  const inspector = await inspect(await debugger_.promise);
  return {
    ...proxy,
    inspector,
    complaints,
    reload() {
      write();
      proxy.signal("SIGHUP");
    },
    async stop() {
      inspector.close();
      await proxy.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function toConfig(upstreams: readonly string[], version: number): string {
  const model_list = MODELS.flatMap((model) =>
    upstreams.flatMap((api_base) =>
      ["ollama_chat", "ollama"].map((provider) => ({
        model_name: provider === "ollama" ? `${model}-generate` : model,
        litellm_params: { model: `${provider}/${model}`, api_base },
        model_info: { version },
      })),
    ),
  );
  // JSON is YAML.
  return JSON.stringify({ model_list, general_settings: { master_key: KEY } });
}
