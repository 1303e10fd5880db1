import { toOpenAi } from "../ask.ts";
import { MODELS } from "../models.ts";
import type { Peer } from "./peer.ts";

const VERSION = "1.106.2";
const KEY = "sk-benchmark";

/** From PyPI, one worker, the same models and key as ours. */
export const litellm: Peer = {
  name: "litellm",
  version: VERSION,
  install: [
    ["python3", "-m", "venv", "venv"],
    ["venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", `litellm[proxy]==${VERSION}`],
  ],
  command({ folder, upstream, port, write }) {
    const model_list = Object.keys(MODELS).map((model) => ({
      model_name: model,
      litellm_params: { model: `${model === "embed" ? "ollama" : "ollama_chat"}/${model}`, api_base: upstream },
    }));
    // Without it, base64 embeddings are refused; with it, numbers come.
    const litellm_settings = { drop_params: true };
    const settings = { model_list, litellm_settings, general_settings: { master_key: KEY } };
    // JSON is YAML.
    const config = write("config.yaml", JSON.stringify(settings));
    return {
      program: `${folder}/venv/bin/litellm`,
      args: ["--config", config, "--host", "127.0.0.1", "--port", String(port), "--num_workers", "1"],
      // Prices would be fetched, and nothing here has one.
      env: { LITELLM_LOCAL_MODEL_COST_MAP: "True" },
    };
  },
  toRequest: (ask) => ({ ...toOpenAi(ask), headers: { authorization: `Bearer ${KEY}` } }),
};
