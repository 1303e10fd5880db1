import { expect, it } from "vitest";
import { redact } from "./redact.ts";

it.each([
  ['{"headers":{"Authorization":"Bearer abc.def"}}', '{"headers":{"Authorization":"Bearer ***"}}'],
  ["Incorrect API key: sk-proj-12_34", "Incorrect API key: ***"],
  ["sk-proj-12_34 is not known", "sk-*** is not known"],
  ["GET https://host/?a=1&api_key=abc&b=2 failed", "GET https://host/?a=1&api_key=***&b=2 failed"],
  [`{"client_secret": "abc", "tokens": 5}`, `{"client_secret": "***", "tokens": 5}`],
  ["dial http://user:pass@host:1/x", "dial http://***@host:1/x"],
  ["model requires more system memory", "model requires more system memory"],
  ["see https://host/a@b and the bearer", "see https://host/a@b and the bearer"],
])("%s", (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});
