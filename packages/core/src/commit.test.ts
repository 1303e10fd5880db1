import { describe, expect, it } from "vitest";
import { finish, parts, play, playThenHang, playThenThrow, start, text, unread } from "../test/streams.ts";
import { commit } from "./commit.ts";
import { ProviderError } from "./provider-error.ts";
import type { StreamPart } from "./spec.ts";

const warning: StreamPart = { type: "warning", warning: { setting: "settings.topK", message: "no" } };

describe("commit", () => {
  it("resolves at the first part that answers, and the stream still holds everything", async () => {
    const stream = await commit(play([[start], [warning], [text("a")], [text("b"), finish]]));
    expect(stream.warnings).toEqual([{ setting: "settings.topK", message: "no" }]);
    expect(await parts(stream)).toEqual([start, warning, text("a"), text("b"), finish]);
  });

  it("resolves at encoded text, which it does not read", async () => {
    const encoded = unread("a");
    const stream = await commit(playThenHang([[start], encoded]));
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    expect((await iterator.next()).value).toBe(encoded);
  });

  it("waits through start and warnings", async () => {
    let settled = false;
    void commit(playThenHang([[start], [warning]])).finally(() => {
      settled = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(false);
  });

  it("counts a finish as an answer: an empty one is one", async () => {
    expect(await parts(await commit(play([[start, finish]])))).toEqual([start, finish]);
  });

  it("rejects with what fails before it", async () => {
    const error = new ProviderError({ code: "upstream_busy", message: "Busy." });
    await expect(commit(playThenThrow([[start]], error))).rejects.toBe(error);
  });

  it("passes a reader's leaving on", async () => {
    let returned = false;
    const source = playThenHang([[start, text("a")]], () => {
      returned = true;
    });
    const iterator = (await commit(source))[Symbol.asyncIterator]();
    await iterator.next();
    void iterator.return?.();
    expect(returned).toBe(true);
  });
});
