import { describe, expect, it } from "vitest";
import { StartError } from "../cli/start-error.ts";
import { type ListenQuestion, listenAddress } from "./listen-address.ts";

const STRONG = "sk-7d1c2f0e9b8a";
const ENVIRONMENT = { LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: "True" };
const ask = (question: Partial<ListenQuestion>) =>
  listenAddress({ host: undefined, server: {}, environment: {}, ...question });

describe("with a strong key", () => {
  it("it listens everywhere, or where it is told to, and says nothing", () => {
    const server = { masterKey: STRONG };
    expect(ask({ server })).toEqual({ host: "0.0.0.0" });
    expect(ask({ server, host: "::" })).toEqual({ host: "::" });
  });

  it("a virtual key is one, too", () => {
    expect(ask({ server: { keys: [{ name: "a", sha256: "00" }] } })).toEqual({ host: "0.0.0.0" });
  });
});

describe.each([
  ["no key", {}, "There is no master key"],
  ["a key that everyone knows", { masterKey: "sk-1234" }, "The master key is one that everyone knows"],
  ["such a key beside virtual ones", { masterKey: "sk-1234", keys: [{ name: "a", sha256: "00" }] }, "The master key"],
])("with %s", (_, server, reason) => {
  it("it listens on loopback and says so", () => {
    expect(ask({ server })).toEqual({ host: "127.0.0.1", note: expect.stringContaining(reason) });
  });

  it.each(["127.0.0.1", "127.1.2.3", "localhost", "::1", "[::1]"])("%s is loopback", (host) => {
    expect(ask({ server, host })).toMatchObject({ host });
  });

  it.each(["0.0.0.0", "::", "192.168.1.2", "gpu-box", "127.evil.example", "128.0.0.1"])(
    "it refuses %s and names the fix",
    (host) => {
      expect(() => ask({ server, host })).toThrow(StartError);
      expect(() => ask({ server, host })).toThrow(reason);
      expect(() => ask({ server, host })).toThrow("export LITELLM_MASTER_KEY=sk-");
    },
  );

  it.each([
    ["LiteLLM's variable", { environment: ENVIRONMENT }],
    ["LiteLLM's setting", { server: { ...server, weakKeyAllowed: true } }],
  ])("%s has it listen like LiteLLM", (_, optOut) => {
    const note = expect.stringContaining(reason);
    expect(ask({ server, ...optOut })).toEqual({ host: "0.0.0.0", note });
    expect(ask({ server, ...optOut, host: "10.0.0.1" })).toEqual({ host: "10.0.0.1", note });
  });
});

it.each(["false", "0", "", "1"])("the variable at %j allows nothing", (value) => {
  const environment = { LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: value };
  expect(() => ask({ host: "0.0.0.0", environment })).toThrow(StartError);
});

it.each([
  ["sk-1234", "sk-12345", "sk-123456789", "sk-1234567890", " sk-1234 ", "1234", "sk-"],
  ["sk-xxxx", "sk-...", "sk-0000", "sk-XXXXXXXX"],
  ["anything", "sk-anything", "sk-test", "sk-local", "temp-key", "changeme"],
  ["sk-key", "my-key", "sk-my-master-key", "your-api-key", "sk-litellm-master-key", "your_master_key_here"],
])("knows what LiteLLM's docs hold in a key's place: %s", (...keys) => {
  for (const masterKey of keys) expect(ask({ server: { masterKey } }).host, masterKey).toBe("127.0.0.1");
});

it.each([STRONG, "sk-4321", "sk-1", "sk-13579", "sk-1357-2468", "sk-my-dog-rex", "hunter2hunter2", "sk-abababab"])(
  "%s is strong enough",
  (masterKey) => {
    expect(ask({ server: { masterKey } }).host).toBe("0.0.0.0");
  },
);
