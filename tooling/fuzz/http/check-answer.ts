import { deepStrictEqual, match, ok } from "node:assert";
import { readStream } from "../to-outcome.ts";
import type { HttpAnswer } from "./read-answers.ts";

/** Never said for what a client sends: they are faults of ours. */
const OURS: ReadonlySet<string> = new Set(["internal_error", "provider_error"]);

/** Throws when a client could not make sense of the answer, or when the proxy blames itself. */
export function checkAnswer(answer: HttpAnswer): void {
  const { status, headers } = answer;
  if (status < 200) return;
  ok(headers.has("x-request-id"), `${status} without x-request-id`);
  if (status >= 400) checkError(answer);
  else if (answer.isWhole) checkSuccess(answer);
}

function checkError({ status, headers, body, isWhole }: HttpAnswer): void {
  ok(isWhole, `half of a ${status}`);
  match(headers.get("content-type") ?? "", /^application\/json/);
  const { error, ...rest } = JSON.parse(body.toString("utf8")) as {
    readonly error?: Readonly<Record<string, unknown>>;
  };
  deepStrictEqual(rest, {});
  deepStrictEqual(Object.keys(error ?? {}).toSorted(), ["code", "message", "param", "type"]);
  const { message, type, code, param } = error ?? {};
  ok(typeof message === "string" && typeof type === "string" && typeof code === "string", body.toString("utf8"));
  ok(param === null || typeof param === "string", body.toString("utf8"));
  ok(!OURS.has(code), `${status}: ${body}`);
  match(headers.get("x-should-retry") ?? "", /^(true|false)$/);
}

function checkSuccess({ headers, body }: HttpAnswer): void {
  const type = headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) readStream(body.toString("utf8"));
  else if (type.startsWith("application/json") && body.length > 0) JSON.parse(body.toString("utf8"));
}
