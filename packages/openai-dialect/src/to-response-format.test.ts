import { describe, expect, it } from "vitest";
import { toFormatAndExtra } from "./to-response-format.ts";

const schema = { type: "object" };

describe("toFormatAndExtra", () => {
  it.each([
    ["json", { type: "json" }],
    [schema, { type: "json", schema }],
  ])("G1: takes another server's format %j for what it is, and out of the extras", (format, responseFormat) => {
    expect(toFormatAndExtra(undefined, { format, num_ctx: 1 })).toEqual({ responseFormat, extra: { num_ctx: 1 } });
    expect(toFormatAndExtra(null, { format })).toEqual({ responseFormat, extra: undefined });
  });

  it.each(["yaml", 3, [schema]])("leaves %j for the provider to refuse", (format) => {
    const extra = { format };
    expect(toFormatAndExtra(undefined, extra)).toEqual({ responseFormat: undefined, extra });
  });

  it("lets OpenAI's field win, and the provider tell", () => {
    const extra = { format: "json" };
    expect(toFormatAndExtra({ type: "text" }, extra)).toEqual({ responseFormat: { type: "text" }, extra });
    expect(toFormatAndExtra(undefined, undefined)).toEqual({ responseFormat: undefined, extra: undefined });
  });
});
