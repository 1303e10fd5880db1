import type { JSX } from "preact";
import { formatClock } from "./format.ts";
import type { RecentError } from "./status.ts";

/** How many are shown before somebody asks for all. */
const FEW = 5;

export function Errors({ errors }: { readonly errors: readonly RecentError[] }): JSX.Element {
  return (
    <section class="panel">
      <h2>Last errors</h2>
      {errors.length === 0 ? (
        <p class="quiet">None since the proxy started.</p>
      ) : (
        <List errors={errors.slice(0, FEW)} />
      )}
      {errors.length > FEW && (
        <details>
          <summary>{errors.length - FEW} more</summary>
          <List errors={errors.slice(FEW)} />
        </details>
      )}
    </section>
  );
}

function List({ errors }: { readonly errors: readonly RecentError[] }): JSX.Element {
  return (
    <ol class="errors">
      {errors.map(({ id, at, status, code, message, group, apiBase }) => (
        <li key={`${id} ${at}`}>
          <time dateTime={new Date(at).toISOString()}>{formatClock(at)}</time>
          <span>
            <span class="bad">
              {status} {code}
            </span>{" "}
            {message}
          </span>
          <span class="quiet where">{[group, apiBase, id].filter(Boolean).join(" · ")}</span>
        </li>
      ))}
    </ol>
  );
}
