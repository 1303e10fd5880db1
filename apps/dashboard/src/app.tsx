import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Clients } from "./clients.tsx";
import { Errors } from "./errors.tsx";
import { formatClock, formatDuration } from "./format.ts";
import { Hosts } from "./hosts.tsx";
import { KeyForm } from "./key-form.tsx";
import { Logo } from "./logo.tsx";
import { Now } from "./now.tsx";
import { TryModel } from "./try-model.tsx";
import { useKey } from "./use-key.ts";
import { useModels } from "./use-models.ts";
import { type Known, useStatus } from "./use-status.ts";

export function App(): JSX.Element {
  const [key, setKey] = useKey();
  const known = useStatus(key);
  const { status, problem } = known;
  return (
    <>
      <header>
        <h1>
          <Logo />
          llamaduct
        </h1>
        {status !== undefined && (
          <p class="quiet">
            {status.version} · up {formatDuration(status.now - status.startedAt)}
          </p>
        )}
        {key !== undefined && problem !== "key" && (
          <button type="button" class="plain" onClick={() => setKey(undefined)}>
            Forget key
          </button>
        )}
      </header>
      {problem === "key" ? <KeyForm onKey={setKey} /> : <Dashboard {...known} apiKey={key} />}
    </>
  );
}

interface DashboardProps extends Known {
  readonly apiKey: string | undefined;
}

function Dashboard({ status, problem, apiKey }: DashboardProps): JSX.Element {
  const listed = useModels(apiKey, status !== undefined);
  const [chosen, setChosen] = useState<string>();
  const models = listed ?? [...new Set(status?.deployments.map(({ group }) => group))];
  const model = chosen ?? models[0] ?? "";
  return (
    <main>
      <p class="banner" role="status">
        {problem === "silent" &&
          `The proxy does not answer. ${status === undefined ? "Trying again." : `This is how it was at ${formatClock(status.now)}.`}`}
      </p>
      {status !== undefined && (
        <>
          <Now status={status} />
          <div class="columns">
            <div>
              <Hosts deployments={status.deployments} now={status.now} />
              <Errors errors={status.errors} />
            </div>
            <div>
              <TryModel models={models} model={model} onModel={setChosen} apiKey={apiKey} />
              <Clients model={model} needsKey={apiKey !== undefined} />
            </div>
          </div>
        </>
      )}
    </main>
  );
}
