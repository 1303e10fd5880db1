import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, api } from "./api.ts";

export interface KeyFormProps {
  /** Told a key that the proxy takes. */
  readonly onKey: (key: string) => void;
}

export function KeyForm({ onKey }: KeyFormProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string>();
  useEffect(() => field.current?.focus(), []);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const key = field.current?.value.trim() ?? "";
    if (key === "") return;
    setFault(undefined);
    try {
      await api("status.json", { key });
      onKey(key);
    } catch (error) {
      setFault(error instanceof ApiError ? error.message : "The proxy does not answer.");
    }
  }

  return (
    <main>
      <form class="panel key" onSubmit={submit}>
        <label for="key">The proxy's key</label>
        <div class="row">
          <input ref={field} id="key" type="password" autocomplete="current-password" aria-describedby="key-note" />
          <button type="submit" class="primary">
            Open
          </button>
        </div>
        <p id="key-note" class={fault === undefined ? "quiet" : "bad"} role="status">
          {fault ?? "It is kept until this tab is closed."}
        </p>
      </form>
    </main>
  );
}
