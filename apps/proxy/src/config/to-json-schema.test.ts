import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { toJsonSchema } from "./to-json-schema.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const fixtures = readdirSync(new URL("../../test/configs/", import.meta.url)).filter((name) => name.endsWith(".yaml"));

describe("config.schema.json", () => {
  it("is current; `pnpm schema` in apps/proxy writes it", () => {
    expect(JSON.parse(read("config.schema.json"))).toEqual(toJsonSchema());
  });

  const schema = z.fromJSONSchema(toJsonSchema());

  it.each(fixtures)("accepts %s, variables and all", (name) => {
    const config: unknown = parse(read(`test/configs/${name}`), { merge: true });
    expect(schema.safeParse(config).error).toBeUndefined();
  });

  it.each([
    ["model_list: {}", ["model_list"]],
    ["model_list: [{ litellm_params: { model: a/b } }]", ["model_list", 0, "model_name"]],
    ["router_settings: { routing_strategy: fastest }", ["router_settings", "routing_strategy"]],
    ["general_settings: { use_x_forwarded_for: sometimes }", ["general_settings", "use_x_forwarded_for"]],
  ])("refuses %s", (text, path) => {
    expect(schema.safeParse(parse(text)).error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  it("says what an editor may show", () => {
    const { properties } = toJsonSchema() as { properties?: Record<string, { properties: object }> };
    expect(properties?.["general_settings"]?.properties).toMatchObject({
      master_key: { description: "What clients must send. Default: LITELLM_MASTER_KEY." },
      database_url: { description: expect.stringMatching(/^Ignored: /) },
    });
  });
});
