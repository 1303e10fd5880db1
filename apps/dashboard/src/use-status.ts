import { useEffect, useState } from "preact/hooks";
import { ApiError, api } from "./api.ts";
import type { Status } from "./status.ts";

/** What is known of the proxy. `key`: it wants one, or another one. `silent`: it does not answer now. */
export interface Known {
  readonly status?: Status | undefined;
  readonly problem?: "key" | "silent" | undefined;
}

const EVERY_MS = 2_000;
const PATIENCE_MS = 5_000;

/** Asks every two seconds, one question at a time, while somebody looks at the page. */
export function useStatus(key: string | undefined): Known {
  const [known, setKnown] = useState<Known>({});

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLooking = false;
    setKnown({});

    async function look(): Promise<void> {
      if (isLooking) return;
      isLooking = true;
      if (!document.hidden) await ask();
      isLooking = false;
      if (!stop.signal.aborted) timer = setTimeout(look, EVERY_MS);
    }

    async function ask(): Promise<void> {
      try {
        const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)]);
        const response = await api("status.json", { key, signal });
        const status: Status = await response.json();
        setKnown({ status });
      } catch (error) {
        if (stop.signal.aborted) return;
        const isRefused = error instanceof ApiError && (error.status === 401 || error.status === 403);
        setKnown(({ status }) => (isRefused ? { problem: "key" } : { status, problem: "silent" }));
      }
    }

    function onVisible(): void {
      if (document.hidden) return;
      clearTimeout(timer);
      void look();
    }

    void look();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [key]);

  return known;
}
