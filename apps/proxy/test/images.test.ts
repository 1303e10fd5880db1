import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import { done, line } from "./ndjson.ts";
import { startProxy } from "./start-proxy.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><rect width="2" height="2" fill="red"/></svg>';
const BMP = Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)]).toString("base64");
const text = { type: "text", text: "what is it" };
const url = (url: string) => ({ type: "image_url", image_url: { url } });

const EYES = `
model_list:
  - { model_name: eyes, litellm_params: { model: ollama_chat/plain }, model_info: { supports_vision: true } }
`;

/** A user's turn that openai-node's types may not know. */
function ask(message: object, model = "eyes"): ChatCompletionCreateParamsNonStreaming {
  return { model, messages: [{ role: "user", ...message } as never] };
}

describe("images", () => {
  it.each<[string, object]>([
    ["a data URL", { content: [text, url(`data:image/png;base64,${PNG}`)] }],
    ["a data URL with a wrong type, in capitals", { content: [text, url(`DATA:IMAGE/JPEG;charset=x;BASE64,${PNG}`)] }],
    ["bare base64", { content: [text, url(PNG)] }],
    ["a URL without an object", { content: [text, { type: "image_url", image_url: PNG }] }],
    ["images beside the text", { content: "what is it", images: [PNG] }],
  ])("H1, H3: %s arrives as pure base64", async (_, message) => {
    const { client, emulator } = await startProxy({ config: EYES });
    emulator.enqueue({ chunks: [line({ content: "a dot" }), done()] });
    const { choices } = await client.chat.completions.create(ask(message));
    expect(choices[0]?.message.content).toBe("a dot");
    expect((await emulator.nextRequest("/api/chat")).body).toMatchObject({
      messages: [{ role: "user", content: "what is it", images: [PNG] }],
    });
  });

  it.each([
    ["base64", `data:image/svg+xml;base64,${Buffer.from(SVG).toString("base64")}`],
    ["text", `data:image/svg+xml;utf8,${encodeURIComponent(SVG)}`],
  ])("H4: an SVG as %s arrives as PNG", async (_, svg) => {
    const { client, emulator } = await startProxy({ config: EYES });
    emulator.enqueue({ chunks: [line({ content: "red" }), done()] });
    await client.chat.completions.create(ask({ content: [text, url(svg)] }));
    const { body } = await emulator.nextRequest("/api/chat");
    const [image = ""] = (body as { messages: { images: string[] }[] }).messages[0]?.images ?? [];
    const bytes = Buffer.from(image, "base64");
    expect(bytes.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([2, 2]);
  });

  it.each([
    ["H2: a URL", "http://127.0.0.1:1/a.png", "invalid_value", /URLs are not fetched here/],
    ["H4: a BMP", `data:image/bmp;base64,${BMP}`, "unsupported", /image\/bmp/],
    ["what is no image", `data:image/png;base64,${btoa("hello, hello")}`, "invalid_value", /not an image/],
  ])("%s is refused by its field, and nobody is asked", async (_, source, code, message) => {
    const { client, emulator } = await startProxy({ config: EYES });
    await expect(client.chat.completions.create(ask({ content: [text, url(source)] }))).rejects.toMatchObject({
      status: 400,
      code,
      param: "messages.0.content.1.image_url",
      message: expect.stringMatching(message),
    });
    expect(emulator.requests).toEqual([]);
  });

  it.each(["ollama_chat/plain", "ollama/plain"])("%s takes none, and says so on every version", async (model) => {
    for (const version of ["0.24.0", "0.33.0"] as const) {
      const { client, emulator } = await startProxy({ version });
      await expect(client.chat.completions.create(ask({ content: [text, url(PNG)] }, model))).rejects.toMatchObject({
        status: 400,
        code: "unsupported",
        param: "messages",
        message: "400 This model does not take images.",
      });
      expect(emulator.requests.map(({ path }) => path)).toEqual(["/api/show"]);
    }
  });
});
