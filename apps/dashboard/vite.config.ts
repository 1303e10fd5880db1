import { defineConfig } from "vite";

/** `pnpm dev` shows the page of a proxy on its usual port. */
const PROXY = "http://127.0.0.1:4000";

export default defineConfig({
  // Below whatever path the proxy is served at (SERVER_ROOT_PATH).
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Data URLs would need an exception in the page's content security policy.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { proxy: { "/status.json": PROXY, "/v1": PROXY } },
});
