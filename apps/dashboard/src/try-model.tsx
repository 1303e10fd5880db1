import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { AnswerView, type Asked } from "./answer-view.tsx";
import { ask } from "./ask.ts";
import { JsonField } from "./json-field.tsx";

export interface TryModelProps {
  readonly models: readonly string[];
  readonly model: string;
  readonly onModel: (model: string) => void;
  readonly apiKey: string | undefined;
}

const TOOLS = `[
  {
    "type": "function",
    "function": {
      "name": "get_weather",
      "description": "The weather in a city, now.",
      "parameters": {
        "type": "object",
        "properties": { "city": { "type": "string" } },
        "required": ["city"]
      }
    }
  }
]`;

const SCHEMA = `{
  "type": "object",
  "properties": {
    "answer": { "type": "string" },
    "confidence": { "type": "number" }
  },
  "required": ["answer", "confidence"],
  "additionalProperties": false
}`;

/** One question to one model, its answer as it is written. */
export function TryModel({ models, model, onModel, apiKey }: TryModelProps): JSX.Element {
  const [prompt, setPrompt] = useState("Why is the sky blue? Answer in one sentence.");
  const [tools, setTools] = useState<string>();
  const [schema, setSchema] = useState<string>();
  const [asked, setAsked] = useState<Asked>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const isRunning = asked?.state === "running";
  const isValid = [tools, schema].every((text) => text === undefined || parse(text) !== undefined);

  async function run(): Promise<void> {
    const stop = new AbortController();
    running.current = stop;
    const question = { model, prompt, tools: parse(tools) as object[] | undefined, schema: parse(schema) };
    setAsked({ state: "running" });
    try {
      for await (const answer of ask(question, { key: apiKey, signal: stop.signal }))
        setAsked({ state: "running", answer });
      setAsked((before) => ({ ...before, state: "done" }));
    } catch (error) {
      setAsked((before) =>
        stop.signal.aborted ? { ...before, state: "cancelled" } : { ...before, state: "failed", error },
      );
    }
  }

  function submit(event: Event): void {
    event.preventDefault();
    if (isRunning) running.current?.abort();
    else if (isValid) void run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !isRunning) submit(event);
  }

  return (
    <section class="panel">
      <h2>Try a model</h2>
      <form class="try" onSubmit={submit} onKeyDown={onKeyDown}>
        <div>
          <label for="model">Model</label>
          <select id="model" value={model} onChange={(event) => onModel(event.currentTarget.value)}>
            {models.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="message">Message</label>
          <textarea id="message" rows={3} value={prompt} onInput={(event) => setPrompt(event.currentTarget.value)} />
        </div>
        <JsonField label="Tools" example={TOOLS} text={tools} onText={setTools} />
        <JsonField label="Schema of the answer" example={SCHEMA} text={schema} onText={setSchema} />
        <div class="row">
          <button
            type="submit"
            class={isRunning ? undefined : "primary"}
            disabled={model === "" || (!isRunning && !isValid)}
          >
            {isRunning ? "Cancel" : "Ask"}
          </button>
          <span class="quiet">
            <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </span>
        </div>
      </form>
      {asked !== undefined && <AnswerView {...asked} />}
    </section>
  );
}

/** `undefined` for no text, and for what is no JSON object or list. */
function parse(text: string | undefined): object | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // The field says so itself, as long as this is so.
    return undefined;
  }
}
