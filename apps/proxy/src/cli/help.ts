import { FLAG_GROUPS, FLAGS, type Flag, IGNORED_FLAGS, toFlag } from "./flags.ts";

/** What `--help` prints: every flag and variable, from the tables that the parser reads. */
export function help(): string {
  const groups = Object.entries(FLAG_GROUPS).map(([group, title]) => {
    const flags = Object.entries<Flag>(FLAGS).filter(([, flag]) => flag.group === group);
    return [`${title}:`, ...flags.map(line)].join("\n");
  });
  return [
    "llamaduct: Ollama behind the OpenAI API, with LiteLLM's config.yaml",
    "Usage: llamaduct [--config FILE] [flags]      llamaduct --model ollama_chat/llama3.2",
    ...groups,
    ENVIRONMENT,
    `LiteLLM's flags are read as it writes them (--num_workers). These have no effect:\n${ignored()}`,
  ].join("\n\n");
}

const ENVIRONMENT = `Environment (and .env, unless LITELLM_MODE is PRODUCTION):
  OLLAMA_API_BASE, OLLAMA_HOST  the default Ollama; without both http://127.0.0.1:11434
  OLLAMA_API_KEY                its key
  LITELLM_MASTER_KEY            the key that clients must send, unless the config names one
  LITELLM_LOG                   DEBUG (as --detailed-debug), INFO or ERROR; default: INFO
  JSON_LOGS                     true: JSON lines on a terminal, too
  SERVER_ROOT_PATH              a path in front of every route
  LITELLM_CORS_ORIGINS          origins of web pages that may call, with commas
  NO_COLOR, FORCE_COLOR         without colours, or with them`;

const INDENT = 30;

function line([name, { short, value, variable, help: text }]: [string, Flag]): string {
  const flag = `${short === undefined ? "" : `-${short}, `}${toFlag(name)}${value === undefined ? "" : ` ${value}`}`;
  return `  ${flag.padEnd(INDENT - 2)}  ${text}${variable === undefined ? "" : ` (${variable})`}`;
}

function ignored(): string {
  const lines = [" "];
  for (const flag of Object.keys(IGNORED_FLAGS).map(toFlag)) {
    const last = lines.at(-1) ?? "";
    if (last.length + flag.length < 100) lines[lines.length - 1] = `${last} ${flag}`;
    else lines.push(`  ${flag}`);
  }
  return lines.join("\n");
}
