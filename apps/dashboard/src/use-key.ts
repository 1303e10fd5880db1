import { useState } from "preact/hooks";

const PLACE = "llamaduct-key";

/** The proxy's key as somebody typed it. It is kept until the tab is closed, and nowhere else. */
export function useKey(): readonly [string | undefined, (key: string | undefined) => void] {
  const [key, setKey] = useState(() => sessionStorage.getItem(PLACE) ?? undefined);

  function keep(next: string | undefined): void {
    if (next === undefined) sessionStorage.removeItem(PLACE);
    else sessionStorage.setItem(PLACE, next);
    setKey(next);
  }

  return [key, keep];
}
