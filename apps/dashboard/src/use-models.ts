import { useEffect, useState } from "preact/hooks";
import { api } from "./api.ts";

const EVERY_MS = 60_000;

/** Every name that may be asked for; `undefined` until the proxy has told, or when it cannot. */
export function useModels(key: string | undefined, isWanted: boolean): readonly string[] | undefined {
  const [models, setModels] = useState<readonly string[]>();

  useEffect(() => {
    if (!isWanted) return;
    const stop = new AbortController();

    async function load(): Promise<void> {
      try {
        const response = await api("v1/models", { key, signal: stop.signal });
        const { data }: { data: readonly { readonly id: string }[] } = await response.json();
        setModels(data.map(({ id }) => id));
      } catch {
        // What was known stays; a proxy that does not answer is told of by the status already.
      }
    }

    void load();
    const timer = setInterval(load, EVERY_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [key, isWanted]);

  return models;
}
