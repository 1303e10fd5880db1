import type { JSX } from "preact";
import { useId } from "preact/hooks";

export interface JsonFieldProps {
  readonly label: string;
  /** What it begins with. */
  readonly example: string;
  /** `undefined`: not wanted. */
  readonly text: string | undefined;
  readonly onText: (text: string | undefined) => void;
}

/** A box to tick, and then JSON to edit. */
export function JsonField({ label, example, text, onText }: JsonFieldProps): JSX.Element {
  const id = useId();
  const fault = text === undefined ? undefined : faultOf(text);
  return (
    <div class="json">
      <label class="tick">
        <input
          type="checkbox"
          checked={text !== undefined}
          onChange={(event) => onText(event.currentTarget.checked ? example : undefined)}
        />
        {label}
      </label>
      {text !== undefined && (
        <textarea
          class="code"
          rows={Math.min(14, text.split("\n").length)}
          value={text}
          spellcheck={false}
          aria-label={`${label}, JSON`}
          aria-invalid={fault !== undefined}
          aria-describedby={id}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
      <p id={id} class="bad" role="status">
        {fault}
      </p>
    </div>
  );
}

function faultOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? undefined : "This is not a JSON object or list.";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
