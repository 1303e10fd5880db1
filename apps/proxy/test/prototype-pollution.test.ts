import { afterEach, describe, expect, it } from "vitest";
import { parseYaml } from "../src/config/parse-yaml.ts";
import { file, outcome } from "./run-command.ts";
import { startProxy } from "./start-proxy.ts";

const KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf"];
const POLLUTION = '{"polluted":"yes","prototype":{"polluted":"yes"}}';
const names = () =>
  [Object.prototype, Array.prototype, Function.prototype].map((each) => Object.getOwnPropertyNames(each));
const BEFORE = names();

afterEach(() => {
  expect(names()).toEqual(BEFORE);
  expect("polluted" in {}).toBe(false);
});

const hi = '[{"role":"user","content":"hi"}]';

describe("C14: a request's keys that are those of every object", () => {
  const places = (key: string): readonly string[] => [
    `{"model":"plain","messages":${hi},"${key}":${POLLUTION}}`,
    `{"model":"plain","messages":[{"role":"user","content":"hi","${key}":${POLLUTION}}]}`,
    `{"model":"plain","messages":${hi},"metadata":{"${key}":${POLLUTION}}}`,
    `{"model":"plain","messages":${hi},"options":{"${key}":${POLLUTION}}}`,
    `{"model":"plain","messages":${hi},"logit_bias":{"${key}":1}}`,
    `{"model":"plain","messages":${hi},"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"${key}":{"type":"string"}}}}}}`,
    `{"model":"plain","messages":${hi},"tools":[{"type":"function","function":{"name":"${key}","parameters":{"type":"object","properties":{"${key}":${POLLUTION}},"required":["${key}"]}}}]}`,
    `{"model":"plain","messages":${hi},"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"${key}"}}}`,
    `{"model":"${key}","messages":${hi}}`,
    `{"model":"plain","messages":${hi},"fallbacks":[{"${key}":["plain"]}]}`,
    `{"model":"plain","messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"tool_calls":[{"id":"${key}","type":"function","function":{"name":"${key}","arguments":"{\\"${key}\\":${POLLUTION.replaceAll('"', '\\"')}}"}}]},{"role":"tool","tool_call_id":"${key}","content":"x"}]}`,
  ];

  it.each(KEYS)("%s, wherever it stands, is data or a 400, never a 500", async (key) => {
    const proxy = await startProxy();
    const chat = { path: "/v1/chat/completions", bodies: places(key) };
    const text = { path: "/v1/completions", bodies: [`{"model":"plain","prompt":"p","${key}":${POLLUTION}}`] };
    const embedding = { path: "/v1/embeddings", bodies: [`{"model":"embedder","input":"p","${key}":${POLLUTION}}`] };
    for (const { path, bodies } of [chat, text, embedding])
      for (const body of bodies) {
        const headers = { "content-type": "application/json" };
        const response = await fetch(proxy.url + path, { method: "POST", headers, body });
        expect(`${response.status < 500} ${body}`).toBe(`true ${body}`);
        await response.text();
      }
    expect(proxy.log.filter((each) => each.includes("request failed"))).toEqual([]);
  });
});

describe("B30: an upstream's keys that are those of every object", () => {
  it.each(KEYS)("%s", async (key) => {
    const proxy = await startProxy();
    const call = `{"function":{"name":"f","arguments":{"${key}":${POLLUTION}}}}`;
    const lines = [
      `{"${key}":${POLLUTION},"message":{"role":"assistant","content":"a","${key}":${POLLUTION}},"done":false}\n`,
      `{"message":{"role":"assistant","content":"","tool_calls":[${call}]},"done":false}\n`,
      `{"message":{"role":"assistant","content":""},"done":true,"done_reason":"${key}","${key}":1}\n`,
    ];
    for (const stream of [false, true]) {
      proxy.emulator.enqueue({ chunks: lines });
      const tools = [{ type: "function", function: { name: "f" } }] as const;
      const body = JSON.stringify({ model: "tools", messages: JSON.parse(hi), tools, stream });
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${proxy.url}/v1/chat/completions`, { method: "POST", headers, body });
      const text = await response.text();
      expect(`${response.status} ${text}`).toMatch(/^200 .*"finish_reason":"tool_calls"/s);
    }
  });

  it.each(KEYS)("%s in listings", async (key) => {
    const proxy = await startProxy();
    const model = `{"name":"a:b","${key}":${POLLUTION},"details":{"${key}":${POLLUTION}}}`;
    proxy.emulator.enqueue({ chunks: [`{"models":[${model}],"${key}":${POLLUTION}}`], path: "/api/tags" });
    expect((await fetch(`${proxy.url}/v1/models`)).status).toBe(200);
  });
});

describe("a config's keys that are those of every object", () => {
  it.each(KEYS)("%s is a key that is not known", async (key) => {
    const path = await file(
      `${key}: { polluted: yes }\nlitellm_settings: { ${key}: { polluted: yes } }\nmodel_list: []\n`,
    );
    const { printed, complaints } = await outcome(["--config", path, "--check-config"]);
    expect([...printed, ...complaints].join("\n")).toContain(key);
  });

  it("merges no such key", () => {
    const { value } = parseYaml("a.yaml", "a: &a { __proto__: { polluted: 1 } }\nb: { <<: *a, c: 1 }\n");
    expect((value as { b: { polluted?: unknown } }).b.polluted).toBe(undefined);
  });

  it.each([
    [
      "billion laughs",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
        .split("")
        .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`)}]`)
        .join("\n")}\n`,
    ],
    ["one that holds itself", "a: &a [*a]\n"],
    [
      "merges of merges",
      `a: &a {k: 1}\n${Array.from({ length: 18 }, (_, index) => `b${index}: &b${index} [*${index === 0 ? "a" : `b${index - 1}`}, *${index === 0 ? "a" : `b${index - 1}`}]`).join("\n")}\n`,
    ],
    ["deep nesting", "[".repeat(20_000)],
  ])("YAML bomb: %s", async (_, text) => {
    const { code, complaints } = await outcome(["--config", await file(text), "--check-config"]);
    expect(code).toBe(1);
    expect(complaints.join("\n")).toMatch(/config\.yaml/);
    expect(complaints.join("\n")).not.toContain("    at ");
  });
});
