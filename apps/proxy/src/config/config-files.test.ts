import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLlamaduct } from "llamaduct";
import { describe, expect, it } from "vitest";
import { formatReport } from "./format-report.ts";
import { loadConfig } from "./load-config.ts";

const folder = fileURLToPath(new URL("../../test/configs/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));

const environment = {
  FIXTURE_KEY: "a-secret",
  FIXTURE_TIMEOUT: "30",
  FIXTURE_MASTER_KEY: "sk-of-the-environment",
  LITELLM_ENVIRONMENT: "production",
};

/** Files as LiteLLM's documentation has them, and the report of each beside it. `vitest run -u` writes what is there now. */
describe("configs of LiteLLM's users", () => {
  it("are at least 30", () => expect(files.length).toBeGreaterThanOrEqual(30));

  it.each(files)("%s loads with exactly its report, and can be served", async (file) => {
    const { engine, report } = await loadConfig({ path: `${folder}${file}`, environment });
    createLlamaduct(engine).close();
    const text = `${formatReport(report).replaceAll(folder, "")}\n`;
    expect(text).not.toContain("a-secret");
    await expect(text).toMatchFileSnapshot(`${folder}${file.replace(/yaml$/, "txt")}`);
  });
});
