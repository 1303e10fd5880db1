import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { clientCode } from "./client-code.ts";

export interface ClientsProps {
  readonly model: string;
  readonly needsKey: boolean;
}

/** Code to copy, one client at a time. */
export function Clients({ model, needsKey }: ClientsProps): JSX.Element {
  const all = clientCode({ address: new URL(".", location.href).href.replace(/\/$/, ""), model, needsKey });
  const [chosen, setChosen] = useState(all[0]?.name);
  const [told, setTold] = useState<string>();
  const code = useRef<HTMLElement>(null);
  const client = all.find(({ name }) => name === chosen);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(client?.text ?? "");
      setTold("Copied");
    } catch {
      // Browsers offer a clipboard to https and localhost only, and readers may forbid it.
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setTold("Selected: copy it with Ctrl C");
    }
    setTimeout(() => setTold(undefined), 2_000);
  }

  return (
    <section class="panel">
      <h2>Use it from</h2>
      <fieldset class="tabs">
        <legend class="hidden">Client</legend>
        {all.map(({ name }) => (
          <label key={name}>
            <input type="radio" name="client" checked={name === chosen} onChange={() => setChosen(name)} />
            {name}
          </label>
        ))}
      </fieldset>
      <div class="code">
        <div class="row">
          <span class="quiet">{client?.where}</span>
          <button type="button" class="plain" onClick={copy}>
            {told ?? "Copy"}
          </button>
          {/* In the button it would leave that without a name. */}
          <span class="hidden" role="status">
            {told}
          </span>
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
        <pre tabIndex={0}>
          <code ref={code}>{client?.text}</code>
        </pre>
      </div>
    </section>
  );
}
