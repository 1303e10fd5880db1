import { toOpenAi } from "../ask.ts";
import type { Peer } from "./peer.ts";

const VERSION = "1.15.2";

/**
 * From npm. It talks to Ollama's OpenAI API, not to its own. A newer server than the pinned one answers 500 to every
 * stream (Portkey-AI/gateway, issue 1389).
 */
export const portkey: Peer = {
  name: "portkey",
  version: VERSION,
  files: {
    "package.json": JSON.stringify({
      private: true,
      dependencies: { "@portkey-ai/gateway": VERSION },
      overrides: { "@hono/node-server": "1.14.1" },
    }),
  },
  install: [["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"]],
  command: ({ folder, port }) => ({
    program: process.execPath,
    args: [`${folder}/node_modules/@portkey-ai/gateway/build/start-server.js`, `--port=${port}`, "--headless"],
    env: { NODE_ENV: "production" },
  }),
  toRequest: (ask, upstream) => ({
    ...toOpenAi(ask),
    headers: { "x-portkey-provider": "ollama", "x-portkey-custom-host": upstream },
  }),
};
