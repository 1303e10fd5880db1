import { describe, expect, it } from "vitest";
import { imageSources, replaceImageSources } from "./image-sources.ts";

const text = { type: "text", text: "a" };
const body = {
  model: "m",
  messages: [
    { role: "system", content: "s" },
    {
      role: "user",
      content: [
        text,
        { type: "image_url", image_url: { url: "one", detail: "low" } },
        { type: "image_url", image_url: "two" },
      ],
    },
    { role: "user", content: "look", images: ["three", "four"] },
  ],
  images: ["five"],
};

const upper = (value: unknown) =>
  replaceImageSources(
    value,
    imageSources(value).map(({ source }) => source.toUpperCase()),
  );

describe("image sources", () => {
  it("H2, H4: are every image by its path, and can be replaced in that order", () => {
    const before = structuredClone(body);
    expect(imageSources(body).map(({ setting, source }) => [setting, source])).toEqual([
      ["messages.1.content.1.image_url", "one"],
      ["messages.1.content.2.image_url", "two"],
      ["messages.2.images.0", "three"],
      ["messages.2.images.1", "four"],
      ["images.0", "five"],
    ]);
    const mapped = upper(body);
    expect(mapped).toEqual({
      model: "m",
      messages: [
        body.messages[0],
        {
          role: "user",
          content: [
            text,
            { type: "image_url", image_url: { url: "ONE", detail: "low" } },
            { type: "image_url", image_url: "TWO" },
          ],
        },
        { role: "user", content: "look", images: ["THREE", "FOUR"] },
      ],
      images: ["FIVE"],
    });
    expect(body).toEqual(before);
  });

  it("share what holds no image, and come back as they are when nothing changes", () => {
    const mapped = upper(body) as typeof body;
    expect(mapped.messages[0]).toBe(body.messages[0]);
    expect(mapped.messages[1]?.content[0]).toBe(text);
    expect(
      replaceImageSources(
        body,
        imageSources(body).map(({ source }) => source),
      ),
    ).toBe(body);
  });

  it.each([
    [{ model: "m", messages: [{ role: "user", content: "hi" }] }],
    [{ messages: "x", images: "y" }],
    [{ messages: [null, 3, "x", { content: [null, "x", { image_url: 3 }, { image_url: { url: 4 } }] }], images: [5] }],
    [null],
    ["body"],
    [[]],
  ])("leave %j alone: nothing to read, the decoders' to refuse", (other) => {
    expect(imageSources(other)).toEqual([]);
    expect(replaceImageSources(other, [])).toBe(other);
  });
});
