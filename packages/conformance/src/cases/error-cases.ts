import { inspect } from "node:util";
import { defineProvider, type ProviderErrorCode } from "@llamaduct/core";
import type { Act } from "../act.ts";
import { check, checkEqual, checkError, rejection } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { API_KEY, create, onStage, PROMPT, playing, requestsTo, settingsOf, whole } from "../stage.ts";
import type { Reply, Target } from "../target.ts";
import { startUpstream } from "../upstream-server.ts";
import { streaming, streamWorksOf, type Work } from "../work.ts";

const CODE_OF_STATUS: Readonly<Record<number, ProviderErrorCode>> = {
  400: "invalid_value",
  401: "upstream_auth_failed",
  403: "upstream_auth_failed",
  429: "rate_limit_exceeded",
  500: "upstream_error",
  503: "upstream_busy",
};

const PAGE: Reply = {
  headers: { "content-type": "text/html" },
  body: "<!doctype html><html><body>Sign in to the hotel's network</body></html>",
};

/** What a refusal, and whatever else is no answer, comes to; and what an error never tells. */
export function errorCases(target: Target, work: Work): readonly CaseDefinition[] {
  const { kind, path } = work;
  const { upstream } = target;

  async function refusedWith(act: Act, run: (error: unknown) => void): Promise<void> {
    await onStage(target, { play: playing(target, path, () => act) }, async ({ provider }) => {
      run(await rejection(work.run(provider)));
    });
  }

  const refusal = (reply: Reply | undefined, code: ProviderErrorCode, name: string) => async () => {
    check(reply !== undefined, `The target's upstream has no \`${name}\`: give it, or skip this case with a reason.`);
    await refusedWith(whole(reply), (error) => checkError(error, code, `when the upstream answers \`${name}\``));
  };

  return [
    {
      id: "errors.statuses",
      kind,
      title: "the upstream's statuses become the contract's codes",
      async run() {
        for (const [text, code] of Object.entries(CODE_OF_STATUS)) {
          const status = Number(text);
          await refusedWith(whole(upstream.error(status, "refused")), (error) => {
            checkError(error, code, `when the upstream answers ${status}`);
            checkEqual(error.upstreamStatus, status, "upstreamStatus");
          });
        }
      },
    },
    {
      id: "errors.retry-after",
      kind,
      title: "how long to wait is passed on",
      async run() {
        const reply = upstream.error(429, "slow down");
        await refusedWith(whole({ ...reply, headers: { ...reply.headers, "retry-after": "7" } }), (error) => {
          checkError(error, "rate_limit_exceeded", "when the upstream answers 429");
          checkEqual(error.retryAfterMs, 7000, "retryAfterMs for the header retry-after: 7");
        });
      },
    },
    {
      id: "errors.foreign-refusal",
      kind,
      title: "a gateway's page with an error's status is an upstream error",
      run: () =>
        refusedWith(whole({ ...PAGE, status: 502 }), (error) =>
          checkError(error, "upstream_error", "when something answers 502 with a page of HTML"),
        ),
    },
    {
      id: "errors.foreign-answer",
      kind,
      title: "a page where an answer should be is an error",
      run: () =>
        refusedWith(whole(PAGE), (error) =>
          checkError(
            error,
            ["upstream_protocol_error", "upstream_stream_interrupted"],
            "when something answers 200 with a page of HTML",
          ),
        ),
    },
    {
      id: "errors.network",
      kind,
      title: "nothing listening is a failed connection",
      async run() {
        const upstreamServer = await startUpstream(() => "silent");
        await upstreamServer.close();
        const provider = create(target, settingsOf(target, upstreamServer.baseURL));
        checkError(await rejection(work.run(provider)), "upstream_connection_failed", "when nothing is listening");
      },
    },
    {
      id: "errors.located",
      kind,
      title: "an error says whose it is",
      run: () =>
        onStage(
          target,
          { play: playing(target, path, () => whole(upstream.error(500, "no"))) },
          async ({ provider }) => {
            const error = await rejection(work.run(defineProvider(provider)));
            checkError(error, "upstream_error", "when the upstream answers 500");
            const ids = [target.provider, ...(target.siblings ?? [])].map(({ id }) => id);
            check(
              ids.some((id) => id === error.provider),
              `The error names the provider ${error.provider}, not ${ids.join(" or ")}.`,
            );
            if (kind !== "models") checkEqual(error.modelId, target.modelId, "The model that the error names");
          },
        ),
    },
    ...(kind === "models"
      ? []
      : [
          {
            id: "errors.model-not-found",
            kind,
            title: "a model that the upstream does not have",
            run: refusal(upstream.modelNotFound, "model_not_found", "modelNotFound"),
          },
        ]),
    ...(kind === "chat" || kind === "text"
      ? [
          {
            id: "errors.context-length",
            kind,
            title: "a prompt that is too long",
            run: refusal(upstream.contextExceeded, "context_length_exceeded", "contextExceeded"),
          },
        ]
      : []),
    {
      id: "secrecy.errors",
      kind,
      title: "no error tells the key, the prompt or the upstream's own words",
      async run() {
        const words = `upstreamwords: you sent "${PROMPT}" with the key ${API_KEY}`;
        for (const status of [400, 401, 404, 429, 500])
          await refusedWith(whole(upstream.error(status, words)), (error) => checkSecrecy(error, `status ${status}`));
        await refusedWith(whole({ ...PAGE, status: 500, body: words }), (error) =>
          checkSecrecy(error, "status 500, not JSON"),
        );
        await refusedWith(whole({ ...PAGE, body: words }), (error) =>
          checkSecrecy(error, "status 200, not the protocol"),
        );
        for (const { kind: streamKind, wire } of streamWorksOf(target)) {
          if (streamKind !== kind || wire.failure === undefined) continue;
          const failure = wire.failure(words);
          const play = streaming(target, wire, { change: (events) => ({ pieces: [...events.slice(0, 2), failure] }) });
          await onStage(target, { play }, async ({ provider }) =>
            checkSecrecy(await rejection(work.run(provider)), "a failure inside the answer"),
          );
        }
      },
    },
    {
      id: "secrecy.redirect",
      kind,
      title: "a redirect to another host takes neither key nor prompt there",
      async run() {
        const elsewhere = await startUpstream(() => whole({ body: "{}" }));
        try {
          const reply = { status: 307, headers: { location: `${elsewhere.baseURL}/taken` } };
          await onStage(target, { play: playing(target, path, () => whole(reply)) }, async (stage) => {
            const error = await rejection(work.run(stage.provider));
            check(requestsTo(stage, path).length > 0, "The upstream was not asked.");
            const taken = elsewhere.requests.map(({ headers, text }) => JSON.stringify(headers) + text).join();
            check(!taken.includes(API_KEY), "The key went along with a redirect to another host.");
            check(!taken.includes(PROMPT), "The prompt went along with a redirect to another host.");
            check(error !== undefined, "A redirect to another host was taken for an answer.");
          });
        } finally {
          await elsewhere.close();
        }
      },
    },
  ];
}

/** In everything that a log, a client or a debugger may print of it, its causes included. */
function checkSecrecy(error: unknown, when: string): void {
  check(error !== undefined, `Nothing was thrown (${when}).`);
  const printed = [inspect(error, { depth: 8 }), JSON.stringify(error), String(error)].join("\n");
  check(!printed.includes(API_KEY), `The error tells the key (${when}).`);
  check(!printed.includes("promptmarker7319"), `The error tells the prompt (${when}).`);
  check(
    !printed.includes("upstreamwords"),
    `The error tells the upstream's words, which belong into upstreamMessage (${when}).`,
  );
}
