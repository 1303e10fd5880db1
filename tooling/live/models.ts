import { readFileSync } from "node:fs";
import type { ScriptedGgufOptions } from "./scripted-gguf.ts";

/** A model as `/api/create` takes it; what it can do, the server reads from its template. */
export interface ScriptedModel {
  /** In a namespace of its own, so that nobody's model is overwritten. */
  readonly name: `llamaduct/${string}`;
  readonly gguf: ScriptedGgufOptions;
  /** Go template. Absent: the server's own choice. */
  readonly template?: string | undefined;
  readonly system?: string | undefined;
  readonly license?: string | undefined;
  readonly parameters?: Readonly<Record<string, number | readonly string[]>> | undefined;
}

const CALL = '{"name": "{{ .Function.Name }}", "parameters": {{ .Function.Arguments }}}';
const TAGGED_CALL = '<tool_call>{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}</tool_call>';

const plainTurns = turns("{{ .Content }}");
const toolTurns = `${toolsTurn()}${turns(`{{ .Content }}{{ range .ToolCalls }}${CALL}{{ end }}`)}`;
/** The `if` around the `range` is where Ollama learns that `<tool_call>` begins a call. */
const tagTurns = `${toolsTurn()}${turns(
  `{{ .Content }}{{ if .ToolCalls }}{{ range .ToolCalls }}${TAGGED_CALL}{{ end }}{{ end }}`,
)}`;
const thinkTurns = turns(
  "{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}" +
    `{{ range .ToolCalls }}<tool_call>${CALL}</tool_call>{{ end }}`,
);

/** Every model says one script of `scripts.ts` whatever it is told; those with tools say it when the last turn is a user's. */
export const scriptedModels: readonly ScriptedModel[] = [
  chat("plain", { template: `${plainTurns}<|say|>` }),
  chat("tools", { template: toolTurns + onUserTurn("call") }),
  chat("multitools", { template: toolTurns + onUserTurn("calls") }),
  /** A call after prose, in a form that Ollama does not recognise: it stays text. */
  chat("prosecall", { template: toolTurns + onUserTurn("prosecall") }),
  /** A call after prose that Ollama does recognise. */
  chat("tagcall", { template: tagTurns + onUserTurn("tagcall") }),
  chat("thinker", {
    template: `${thinkTurns}{{ if and .IsThinkSet (not .Think) }}<|say|>{{ else }}<|think|>{{ end }}`,
  }),
  chat("thinkcall", { template: thinkTurns + onUserTurn("thinkcall") }),
  chat("coder", {
    template:
      "{{ if .Suffix }}<|im_start|>{{ .Prompt }}<|im_end|>{{ .Suffix }}<|fill|>" +
      "{{ else }}<|im_start|>{{ .System }}{{ .Prompt }}<|say|>{{ end }}",
  }),
  chat("jsonish", { template: `${plainTurns}<|json|>` }),
  chat("looper", { template: `${plainTurns}<|loop|>` }),
  chat("unicode", { template: `${plainTurns}<|uni|>` }),
  chat("leaky", { template: `${plainTurns}<|leak|>` }),
  chat("stuck", { template: `${plainTurns}<|stuck|>` }),
  chat("long", { template: `${plainTurns}<|long|>` }),
  chat("empty", { template: `${plainTurns}<|empty|>` }),
  /** 64 tokens of context; newer servers make 256 of it. */
  chat("tiny", { template: `${plainTurns}<|say|>`, parameters: { num_ctx: 64 } }),
  chat("custom", {
    template: `${plainTurns}<|say|>`,
    parameters: { temperature: 0.5 },
    system: "You are terse.",
    license: "MIT",
  }),
  /** Its file carries a Jinja template, which the engine of newer servers renders and parses by itself; older ones cannot. */
  chat("native", { gguf: { chatTemplate: readFileSync(new URL("native.jinja", import.meta.url), "utf8") } }),
  { name: "llamaduct/embedder", gguf: { embedding: true } },
];

function chat(name: string, model: Partial<Omit<ScriptedModel, "name">>): ScriptedModel {
  return {
    gguf: {},
    ...model,
    name: `llamaduct/${name}`,
    parameters: { stop: ["<|im_end|>"], ...model.parameters },
  };
}

function turns(turn: string): string {
  return `{{- range .Messages }}<|im_start|>{{ .Role }}\n${turn}<|im_end|>\n{{ end }}<|im_start|>assistant\n`;
}

function toolsTurn(): string {
  return "{{- if .Tools }}<|im_start|>system\n{{ range .Tools }}{{ . }}{{ end }}<|im_end|>\n{{ end }}";
}

function onUserTurn(script: string): string {
  return (
    '{{ $last := "" }}{{ range .Messages }}{{ $last = .Role }}{{ end }}' +
    `{{ if and .Tools (eq $last "user") }}<|${script}|>{{ else }}<|say|>{{ end }}`
  );
}
