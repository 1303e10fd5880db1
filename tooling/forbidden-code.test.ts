import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./workspace.ts";

const files = globSync("{packages,apps}/*/src/**/*.{ts,tsx}", { cwd: root }).filter(
  (file) => !/\.test(-d)?\.tsx?$/.test(file),
);

/** What no source may hold, and the files that hold it all the same, each for a reason that it tells. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp, allowed: readonly string[]])[] = [
  ["T9: a process", /["'](?:node:)?child_process["']/, []],
  [
    "T9: code from text",
    /(?<!\.)\b(?:eval|Function)\(|["'](?:node:)?vm["']/,
    ["packages/structured-output/src/time-limit.ts"],
  ],
  [
    "T9: a module whose name is made",
    /\bimport\((?!["')])/,
    ["apps/proxy/src/config/load-providers.ts", "apps/proxy/src/serve/start-tracing.ts"],
  ],
  ["T13: headersDistinct, which a header can crash", /headersDistinct/, []],
  ["T20: a lenient parser", /insecureHTTPParser/, []],
  ["T36: TLS without a certificate", /rejectUnauthorized|NODE_TLS_REJECT_UNAUTHORIZED|allowPartialTrustChain/, []],
  ["T8: a decision by what a client may claim", /\brequest\.(?:host|hostname|protocol)\b/, []],
  ["T9: a template of a user's", /["'](?:handlebars|ejs|mustache|nunjucks|pug)["']/, []],
];

it.each(FORBIDDEN)("no source has %s", (_, pattern, allowed) => {
  const found = files.filter((file) => pattern.test(readFileSync(join(root, file), "utf8")));
  expect(found.sort()).toEqual([...allowed].sort());
});
