import { describe, expect, it } from "vitest";
import { recording, recordings } from "./recordings.ts";

describe.each(["0.24.0", "0.33.0"] as const)("recordings of %s", (version) => {
  it("are all there, well-formed", () => {
    const all = recordings(version);
    expect(all).toHaveLength(158);
    for (const each of all) {
      expect(each).toMatchObject({
        version,
        request: { method: expect.stringMatching(/^(GET|POST)$/), path: expect.stringMatching(/^\//) },
        chunked: expect.any(Boolean),
        ended: expect.stringMatching(/^(complete|closed)$/),
      });
      expect(each.name).toMatch(/^[a-z0-9-]+$/);
      const length = each.headers.find(([name]) => name === "Content-Length")?.[1];
      const bytes = Buffer.byteLength(each.chunks.join(""));
      expect(length, each.name).toBe(each.chunked ? undefined : String(bytes));
    }
  });

  it("are read once", () => {
    expect(recordings(version)).toBe(recordings(version));
  });
});

describe("recording", () => {
  it("finds by name", () => {
    expect(recording("0.33.0", "chat-plain-stream").chunks.at(-1)).toContain('"done":true');
    expect(recording("0.33.0", "fault-server-stopped-mid-stream")).toMatchObject({
      ended: "closed",
      note: expect.stringContaining("SIGTERM"),
    });
  });

  it("names near names when there is none", () => {
    expect(() => recording("0.33.0", "chat-plain-streamed")).toThrow(
      /no recording "chat-plain-streamed" of Ollama 0\.33\.0; near: .*chat-plain-stream/,
    );
  });

  it("names the versions there are", () => {
    // A caller without types.
    expect(() => recordings("0.1.0" as "0.33.0")).toThrow("no recordings of Ollama 0.1.0; there are 0.24.0 and 0.33.0");
  });
});
