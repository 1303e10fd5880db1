import { defineConfig } from "vitest/config";

const conditions = ["@llamaduct/source"];

/** `pnpm test:live`: against the real Ollama that `OLLAMA_HOST` names. See tooling/live/README.md. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["tests/live/**/*.test.ts"],
    globalSetup: "tests/live/global-setup.ts",
    // One server: files would only wait for each other's models.
    fileParallelism: false,
    // The first answer of a model includes loading it.
    testTimeout: 60_000,
  },
});
