import { defineConfig } from "vitest/config";

// Tests import the packages' sources: one process, no build needed to see a change.
const conditions = ["@llamaduct/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["{packages,apps,examples,tooling,tests/clients,tests/faults}/**/*.test.ts"],
    typecheck: { enabled: true, include: ["packages/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
  },
});
