// docs/reference/config.md, made from the JSON schema of config.yaml, which is made from what the proxy reads.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../workspace.ts";

/** What the generated schema uses of JSON Schema. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly $ref?: string;
}

interface Section {
  readonly title: string;
  readonly schema: Schema;
}

/** Their keys are those of another section. */
const SAME_AS: Readonly<Record<string, string>> = {
  default_litellm_params: "litellm_params",
  credential_values: "litellm_params",
};

/** The page as it should be. */
export function configReference(): string {
  const schema: Schema = JSON.parse(readFileSync(join(root, "apps/proxy/config.schema.json"), "utf8"));
  const sections = unique([{ title: "The top level", schema }, ...sectionsIn(schema, "")]);
  return `# Keys of config.yaml

<!-- Made by \`node tooling/docs/generated-pages.ts --write\` from apps/proxy/config.schema.json. -->

Every key that is read. A \`null\` is a key that is not there; \`os.environ/NAME\` may stand for any value; numbers and switches may be
quoted. A key that is not on this page is reported at the start, with the nearest one that is. \`llamaduct --check-config\` tells what
becomes of each key of yours. How it all fits together: [Configuration](../configuration.md).

Editors check a file against the [schema](../../apps/proxy/config.schema.json) that begins with
\`# yaml-language-server: $schema=https://unpkg.com/@llamaduct/proxy/config.schema.json\`.

${sections.map(toMarkdown).join("\n\n")}
`;
}

/** A map with keys of its own has a section, wherever it stands. */
function* sectionsIn(schema: Schema, path: string): Generator<Section> {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (isIgnored(property) || key in SAME_AS) continue;
    for (const { map, suffix } of mapsIn(property)) {
      const title = `${path}${key}${suffix}`;
      if (Object.keys(map.properties ?? {}).length > 0) yield { title: `\`${title}\``, schema: map };
      yield* sectionsIn(map, `${title}.`);
    }
  }
}

interface MapIn {
  readonly map: Schema;
  readonly suffix: string;
}

function mapsIn(schema: Schema): readonly MapIn[] {
  if (schema.properties !== undefined) return [{ map: schema, suffix: "" }];
  const inner = (part: Schema | undefined, suffix: string) =>
    (part === undefined ? [] : mapsIn(part)).map((found) => ({ map: found.map, suffix: suffix + found.suffix }));
  return [
    ...inner(schema.items, "[]"),
    ...inner(schema.additionalProperties, ".*"),
    ...(schema.anyOf ?? []).flatMap((each) => inner(each, "")),
  ];
}

/** Policies and the like stand in several places with the same keys: one section names them all. */
function unique(sections: readonly Section[]): readonly Section[] {
  const titles = Map.groupBy(sections, ({ schema }) => JSON.stringify(schema.properties));
  return [...titles.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, title: [first, ...others].map(({ title }) => title).join(", ") }],
  );
}

function toMarkdown({ title, schema }: Section): string {
  const properties = Object.entries(schema.properties ?? {});
  const rows = properties.filter(([, property]) => !isIgnored(property));
  const others = schema.additionalProperties?.description;
  const lines = [
    `## ${title}`,
    "",
    "| key | value | |",
    "|---|---|---|",
    ...rows.map(([key, property]) => toRow(key, property, schema.required?.includes(key) === true)),
    ...(others === undefined ? [] : [`| any other | | ${toCell(others)} |`]),
  ];
  const ignored = Map.groupBy(
    properties.filter(([, property]) => isIgnored(property)),
    ([, { description = "" }]) => description.replace(IGNORED, ""),
  );
  if (ignored.size === 0) return lines.join("\n");
  const reasons = [...ignored].map(
    ([reason, keys]) => `- ${keys.map(([key]) => `\`${key}\``).join(", ")}: ${toCell(reason)}`,
  );
  return [...lines, "", "Without effect, each reported where it stands:", "", ...reasons].join("\n");
}

function toRow(key: string, property: Schema, isRequired: boolean): string {
  const { description = "" } = property;
  const same = SAME_AS[key];
  const what =
    description.replace(/^Changed: /, "_Not as in LiteLLM:_ ") || (mapsIn(property).length > 0 ? "See below." : "");
  const told = same === undefined ? toCell(what) : `As \`${same}\`.`;
  return `| \`${key}\`${isRequired ? ", required" : ""} | ${toValue(property)} | ${told} |`;
}

function toValue(schema: Schema): string {
  const { type, items, anyOf } = schema;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(", ");
  // A text in place of a number or a switch, which is said once at the top.
  if (anyOf !== undefined)
    return [...new Set(anyOf.filter(({ $ref }) => $ref === undefined).map(toValue))].join(", or ");
  if (type === "array") return items === undefined ? "a list" : `a list of ${toPlural(toValue(items))}`;
  const words: Readonly<Record<string, string>> = {
    string: "text",
    integer: "a whole number",
    number: "a number",
    boolean: "`true` or `false`",
    object: "a map",
  };
  return words[type ?? ""] ?? "";
}

function toPlural(value: string): string {
  return value.replaceAll(/(?:a )?\b(text|map|number)\b/g, "$1s");
}

const IGNORED = /^Ignored: /;

function isIgnored({ description = "" }: Schema): boolean {
  return IGNORED.test(description);
}

function toCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("*", "\\*").replaceAll("<", "&lt;");
}
