import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RawAnswer, rawExchange } from "../test/raw-exchange.ts";
import { type Recording, recordings } from "./recordings.ts";
import { type Emulator, startEmulator } from "./start-emulator.ts";

/** Why a recorded request does not get its own recording back unless it is scripted. */
function exception({ name }: Recording): string | undefined {
  if (name.startsWith("v1-")) return "Ollama's own OpenAI layer is not served";
  if (name.startsWith("fault-")) return "something was done to the server";
  if (name === "ps-after-unload") return "the same request as ps-loaded";
  return undefined;
}

describe.each(["0.24.0", "0.33.0"] as const)("the emulator as %s", (version) => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ version });
  });
  afterAll(() => emulator.close());

  const all = recordings(version);
  const played = all.filter((each) => exception(each) === undefined);

  it("plays most recordings without being told to", () => {
    expect(played.length).toBe(158 - 19 - 3 - 1);
  });

  it.each(played)("answers the request of $name with its bytes", async (recorded) => {
    expectSame(await ask(emulator, recorded), recorded);
  });

  it.each(all)("plays $name when it is scripted", async (recorded) => {
    emulator.enqueue({ path: recorded.request.path, recording: recorded.name });
    const answer = await ask(emulator, recorded);
    expectSame(answer, recorded);
    expect(answer.ended).toBe(recorded.ended);
  });
});

function ask(emulator: Emulator, { request }: Recording): Promise<RawAnswer> {
  const { method, path, headers, body, rawBody } = request;
  return rawExchange(emulator.url, {
    method,
    path,
    headers,
    body: rawBody ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
}

function expectSame(answer: RawAnswer, recorded: Recording): void {
  expect(answer.status).toBe(recorded.status);
  expect(answer.chunks).toEqual(recorded.chunks);
  const own = ["date", "connection"];
  const headers = recorded.headers.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const sorted = (list: Iterable<[string, string]>): unknown =>
    [...list].filter(([name]) => !own.includes(name)).sort();
  expect(sorted(answer.headers)).toEqual(sorted(headers));
}
