import { existsSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { file, outcome, started } from "./run-command.ts";
import { startMain } from "./spawn-main.ts";

const NOWHERE = { OLLAMA_HOST: "127.0.0.1:1" };
const FLAGS = ["--generate-key", "--port", "0"];
const DEPLOYMENT =
  "model_list:\n  - model_name: a\n    litellm_params: {model: ollama_chat/a, api_base: 'http://127.0.0.1:1'}\n";

describe("--generate-key", () => {
  it("without a key makes a strong one, prints it, and serves everyone who has it", async () => {
    const proxy = await started(FLAGS, NOWHERE);
    const key = keyIn(proxy.banner);
    expect(key).toMatch(/^sk-[0-9a-f]{48}$/);
    expect(proxy.banner).toContain("on every address of this machine");
    // The line to paste works as it is.
    expect(proxy.banner).toContain(`-H "Authorization: Bearer ${key}"`);
    expect(await status(proxy.url, key)).toBe(200);
    for (const wrong of [undefined, `${key}0`]) expect(await status(proxy.url, wrong)).toBe(401);
    expect(JSON.stringify(proxy.log)).not.toContain(key);
  });

  it("makes another one at the next start", async () => {
    const [one, other] = [await started(FLAGS, NOWHERE), await started(FLAGS, NOWHERE)];
    expect(keyIn(one.banner)).not.toBe(keyIn(other.banner));
  });

  it.each([
    ["LITELLM_MASTER_KEY", { LITELLM_MASTER_KEY: "sk-0f9d8c7b6a" }, ""],
    ["the config's master key", {}, "general_settings: {master_key: sk-0f9d8c7b6a}\n"],
    ["other keys", {}, "llamaduct: {keys: [{name: team, key: sk-0f9d8c7b6a}]}\n"],
  ])("makes none where there is one: %s", async (_, environment, rest) => {
    const path = await file(DEPLOYMENT + rest);
    const proxy = await started([...FLAGS, "--config", path], environment);
    expect(proxy.banner).not.toContain("key: sk-");
    expect(await status(proxy.url, "sk-0f9d8c7b6a")).toBe(200);
    expect(await status(proxy.url, undefined)).toBe(401);
  });

  it.each([
    [{ LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: "True" }, ""],
    [{}, "general_settings: {dangerously_permit_weak_or_unset_master_key: true}\n"],
  ])("makes none where none is wanted: %j %s", async (environment, rest) => {
    const path = await file(DEPLOYMENT + rest);
    const proxy = await started([...FLAGS, "--config", path], environment);
    expect(proxy.banner).not.toContain("key: sk-");
    expect(await status(proxy.url, undefined)).toBe(200);
  });

  it("replaces no key that everyone knows: clients that have it would be locked out without a word", async () => {
    const { code, complaints } = await outcome(FLAGS, { ...NOWHERE, HOST: "0.0.0.0", LITELLM_MASTER_KEY: "sk-1234" });
    expect(code).toBe(1);
    expect(complaints[0]).toContain("The master key is one that everyone knows");
  });

  it("keeps the key when the config is read again", async () => {
    const path = await file(DEPLOYMENT);
    const proxy = await started([...FLAGS, "--config", path], {});
    proxy.reload();
    await vi.waitFor(() => expect(proxy.log).toContainEqual(expect.objectContaining({ msg: "config read again" })));
    expect(await status(proxy.url, keyIn(proxy.banner))).toBe(200);
    expect(await status(proxy.url, undefined)).toBe(401);
  });

  it.skipIf(!existsSync("/proc/self/task"))("gives all workers the same", { timeout: 60_000 }, async () => {
    const main = await startMain([...FLAGS, "--num_workers", "2"], NOWHERE);
    const headers = { authorization: `Bearer ${keyIn(main.banner)}`, connection: "close" };
    await vi.waitFor(
      async () => {
        await fetch(`${main.url}/v1/model/info`, { headers });
        const requests = [...main.stderr().matchAll(/"pid":(\d+).*"status":(\d+).*"msg":"request"/g)];
        expect(new Set(requests.map(([, pid]) => pid)).size).toBe(2);
        expect(new Set(requests.map(([, , code]) => code))).toEqual(new Set(["200"]));
      },
      { timeout: 30_000, interval: 100 },
    );
  });
});

function keyIn(banner: string): string {
  return /^key: (\S+), /m.exec(banner)?.[1] ?? "";
}

async function status(url: string, key: string | undefined): Promise<number> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return (await fetch(`${url}/v1/model/info`, { headers })).status;
}
