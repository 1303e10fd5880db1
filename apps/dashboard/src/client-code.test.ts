import { describe, expect, it } from "vitest";
import { clientCode } from "./client-code.ts";

const options = { address: "http://gpu-box:4000", model: "qwen3:8b", needsKey: true };

describe("clientCode", () => {
  it("names the place and the model everywhere but in Open WebUI, which asks for models itself", () => {
    for (const { name, text } of clientCode(options)) {
      expect(text).toContain("http://gpu-box:4000/v1");
      if (name !== "Open WebUI") expect(text).toContain("qwen3:8b");
    }
  });

  it("has no key line for curl where none is wanted", () => {
    const [curl] = clientCode({ ...options, needsKey: false });
    expect(curl?.text).not.toContain("authorization");
    expect(clientCode(options)[0]?.text).toContain("authorization: Bearer sk-…");
  });

  it.each(["http://localhost:4000", "http://127.0.0.1:4000", "http://[::1]:4000"])(
    "%s is another place in a container",
    (address) => {
      const code = clientCode({ ...options, address }).find(({ name }) => name === "Open WebUI");
      expect(code?.text).toContain("=http://host.docker.internal:4000/v1");
    },
  );

  it("quotes what a model may be called", () => {
    const [curl, node] = clientCode({ ...options, model: `it's "x"` });
    expect(curl?.text).toContain(`"model": "it'\\''s \\"x\\""`);
    expect(node?.text).toContain(`model: "it's \\"x\\""`);
  });
});
