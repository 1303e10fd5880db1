import type { JSX } from "preact";

/** A llama that is a duct: ears, a neck with a bend, and the flange where the next one goes. As in logo.svg. */
export function Logo(): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M10 8.5V4.5M14.5 8V4" stroke-width="2.6" />
      <path d="M7.5 11.5H10q3 0 3 3V19q0 5 5 5h7" stroke-width="7" />
      <path d="M28.5 19.5v9" stroke-width="2.6" />
      <circle cx="9.6" cy="11" r="1.1" />
    </svg>
  );
}
