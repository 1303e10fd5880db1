import type { JSX } from "preact";
import { ApiError } from "./api.ts";
import type { Answer } from "./ask.ts";
import { formatNumber, formatSeconds } from "./format.ts";

/** A question that was asked, as far as it has come. */
export interface Asked {
  readonly state: "running" | "done" | "cancelled" | "failed";
  readonly answer?: Answer | undefined;
  readonly error?: unknown;
}

export function AnswerView({ state, answer, error }: Asked): JSX.Element {
  return (
    <div class="answer" aria-busy={state === "running"}>
      {answer !== undefined && answer.reasoning !== "" && (
        <details open={answer.text === ""}>
          <summary>Reasoning</summary>
          <p class="text quiet">{answer.reasoning}</p>
        </details>
      )}
      {answer !== undefined && answer.text !== "" && (
        <section class="text" aria-label="Answer">
          {answer.text}
          {state === "running" && <span class="caret" />}
        </section>
      )}
      {answer?.calls.map((call, index) => (
        <pre key={index} class="call">
          <b>{call.name}</b>({call.arguments})
        </pre>
      ))}
      {state === "failed" && <Failure error={error} />}
      <p class="quiet facts" role="status">
        {[stateText(state, answer), ...(answer === undefined ? [] : factsOf(answer))].join(" · ")}
      </p>
      {answer?.warning !== undefined && <p class="warning">{answer.warning}</p>}
    </div>
  );
}

function Failure({ error }: { readonly error: unknown }): JSX.Element {
  const { status, code, requestId } = error instanceof ApiError ? error : {};
  const message = error instanceof ApiError ? error.message : "The proxy does not answer.";
  return (
    <div class="failure" role="alert">
      <p>{message}</p>
      <p class="quiet">{[status, code, requestId].filter(Boolean).join(" · ")}</p>
    </div>
  );
}

function stateText(state: Asked["state"], answer: Answer | undefined): string {
  if (state !== "running") return { done: "Done", cancelled: "Cancelled", failed: "Failed" }[state];
  return answer?.firstMs === undefined ? "Waiting for the model…" : "Writing…";
}

function factsOf({ model, firstMs, inputTokens, outputTokens, finishReason }: Answer): readonly string[] {
  return [
    model,
    firstMs !== undefined && `first token ${formatSeconds(firstMs)}`,
    inputTokens !== undefined && `${formatNumber(inputTokens)} tokens in`,
    outputTokens !== undefined && `${formatNumber(outputTokens)} out`,
    finishReason !== undefined && finishReason !== "stop" && finishReason,
  ].filter((fact): fact is string => typeof fact === "string");
}
