import { describe, expect, it } from "vitest";
import { Body } from "./body.ts";

function harness(signal?: AbortSignal): { body: Body; calls: string[] } {
  const calls: string[] = [];
  const source = {
    pause: () => void calls.push("pause"),
    resume: () => void calls.push("resume"),
    leave: () => void calls.push("leave"),
  };
  return { body: new Body(source, signal), calls };
}

const done = { done: true, value: undefined };
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("Body", () => {
  it("gives a single chunk as it is, and several as one piece", async () => {
    const { body } = harness();
    const chunk = bytes(1, 2);
    body.push(chunk);
    expect((await body.next()).value).toBe(chunk);
    body.push(bytes(3));
    body.push(bytes(4, 5));
    expect(Uint8Array.from((await body.next()).value ?? [])).toEqual(bytes(3, 4, 5));
  });

  it("wakes a pending read once, with all that came in the same turn", async () => {
    const { body } = harness();
    const read = body.next();
    body.push(bytes(1));
    body.push(bytes(2));
    body.end();
    expect(Uint8Array.from((await read).value ?? [])).toEqual(bytes(1, 2));
    expect(await body.next()).toEqual(done);
  });

  it("pauses once above 64 KiB and resumes when that is read", async () => {
    const { body, calls } = harness();
    body.push(new Uint8Array(64 * 1024));
    expect(calls).toEqual([]);
    body.push(bytes(1));
    body.push(bytes(2));
    expect(calls).toEqual(["pause"]);
    await body.next();
    expect(calls).toEqual(["pause", "resume"]);
  });

  it("gives what came before a failure, then the failure, then nothing", async () => {
    const { body, calls } = harness();
    const failure = new Error("cut");
    body.push(bytes(1));
    body.fail(failure);
    expect((await body.next()).value).toEqual(bytes(1));
    await expect(body.next()).rejects.toBe(failure);
    expect(await body.next()).toEqual(done);
    expect(calls).toEqual([]);
  });

  it("rejects a pending read at once when aborted, and forgets what came", async () => {
    const { body } = harness();
    const read = body.next();
    body.push(bytes(1));
    body.abort("reason");
    await expect(read).rejects.toBe("reason");
    expect(await body.next()).toEqual(done);
  });

  it("rejects the next read when aborted between reads", async () => {
    const { body } = harness();
    body.push(bytes(1));
    body.abort("reason");
    await expect(body.next()).rejects.toBe("reason");
    expect(await body.next()).toEqual(done);
  });

  it("obeys its signal even when everything had arrived before", async () => {
    const controller = new AbortController();
    const { body } = harness(controller.signal);
    body.push(bytes(1));
    body.end();
    controller.abort("reason");
    await expect(body.next()).rejects.toBe("reason");
  });

  it("ends a pending read when its reader leaves, and closes the connection once", async () => {
    const { body, calls } = harness();
    const read = body.next();
    await body.return();
    await body.return();
    expect(await read).toEqual(done);
    expect(calls).toEqual(["leave"]);
  });

  it("has nothing to close after the end", async () => {
    const { body, calls } = harness();
    body.push(bytes(1));
    body.end();
    await body.return();
    expect(await body.next()).toEqual(done);
    expect(calls).toEqual([]);
  });

  it("refuses a second read at the same time", async () => {
    const { body } = harness();
    const read = body.next();
    await expect(body.next()).rejects.toThrow("one read at a time");
    body.push(bytes(1));
    expect((await read).value).toEqual(bytes(1));
  });
});
