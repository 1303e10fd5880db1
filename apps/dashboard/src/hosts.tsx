import { Fragment, type JSX } from "preact";
import { formatDuration, formatNumber } from "./format.ts";
import type { Status } from "./status.ts";

type Deployments = Status["deployments"];
type Deployment = Deployments[number];

export interface HostsProps {
  readonly deployments: Deployments;
  /** The proxy's clock, milliseconds since 1970. */
  readonly now: number;
}

/** Who answers: a group of rows for each host. */
export function Hosts({ deployments, now }: HostsProps): JSX.Element {
  const hosts = [...Map.groupBy(deployments, ({ apiBase }) => apiBase)];
  return (
    <section class="panel">
      <h2>Hosts</h2>
      {hosts.length === 0 ? (
        <p class="quiet">No deployments yet.</p>
      ) : (
        <table class="hosts">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="number">
                In flight
              </th>
              <th scope="col" class="number">
                Waiting
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          {hosts.map(([apiBase, those]) => (
            <tbody key={apiBase}>
              <tr>
                <th scope="rowgroup" colSpan={4}>
                  <HostHead apiBase={apiBase} deployments={those} now={now} />
                </th>
              </tr>
              {those.map((each) => (
                <Row key={each.id} {...each} />
              ))}
            </tbody>
          ))}
        </table>
      )}
    </section>
  );
}

interface HostHeadProps extends HostsProps {
  readonly apiBase: string | undefined;
}

function HostHead({ apiBase, deployments, now }: HostHeadProps): JSX.Element {
  const seenAt = Math.max(...deployments.map((each) => each.seenAt ?? 0));
  const told = deployments.find((each) => each.loaded !== undefined);
  const loaded = told?.loaded;
  const loading = told?.loading ?? [];
  const isUp = deployments.some(({ healthy }) => healthy);
  return (
    <>
      <span class="host">
        <State isGood={isUp} text={isUp ? "up" : "down"} />
        <code>{apiBase ?? "the provider's own address"}</code>
        <span class="quiet">
          {seenAt > 0 ? `answered ${formatDuration(now - seenAt)} ago` : "has not answered yet"}
        </span>
      </span>
      {loaded !== undefined && (
        <span class="loaded">
          {loaded.length === 0 && loading.length === 0 && <span class="quiet">nothing loaded</span>}
          {loading.map(({ id, forMs }) => (
            <span class="chip loading" key={id}>
              {id}
              <span class="quiet"> · loading for {formatDuration(forMs)}</span>
            </span>
          ))}
          {loaded.map(({ id, contextLength, until }) => (
            <span class="chip" key={id}>
              {id}
              <span class="quiet">
                {contextLength !== undefined && ` · ${formatNumber(contextLength)} tokens`}
                {until !== undefined && ` · ${formatRest(until - now)}`}
              </span>
            </span>
          ))}
        </span>
      )}
    </>
  );
}

/** A host that keeps a model for good says so with a time that nobody will see. */
const FOR_GOOD_MS = 10 * 365 * 86_400_000;

function formatRest(ms: number): string {
  if (ms > FOR_GOOD_MS) return "stays";
  return ms > 0 ? `${formatDuration(ms)} left` : "leaving";
}

function Row({ group, model, inFlight, queued, healthy, reason }: Deployment): JSX.Element {
  return (
    <>
      <tr>
        <th scope="row">
          <Name text={group} />
          {model !== group && (
            <span class="quiet detail">
              <Name text={model} />
            </span>
          )}
        </th>
        <td class={inFlight > 0 ? "number" : "number quiet"}>{formatNumber(inFlight)}</td>
        <td class={queued > 0 ? "number" : "number quiet"}>{formatNumber(queued)}</td>
        <td>
          <State isGood={healthy} text={healthy ? "ready" : "down"} />
        </td>
      </tr>
      {reason !== undefined && (
        <tr class="reason">
          <td class="bad detail" colSpan={4}>
            {reason}
          </td>
        </tr>
      )}
    </>
  );
}

/** A name that is too long for its line is broken between its parts, if that is enough. */
function Name({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {text.split(/(?<=[/:])/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}

interface StateProps {
  readonly isGood: boolean;
  readonly text: string;
}

function State({ isGood, text }: StateProps): JSX.Element {
  return <span class={isGood ? "state good" : "state bad"}>{text}</span>;
}
