/** One flag of the command line. Its key here is written `--kebab-case` there, or `--snake_case` as LiteLLM has it. */
export interface Flag {
  readonly group: keyof typeof FLAG_GROUPS;
  readonly kind: "switch" | "text" | "whole" | "number";
  readonly short?: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  /** The environment variable that counts where the flag is not given. */
  readonly variable?: string;
  readonly min?: number;
  readonly max?: number;
  readonly help: string;
}

/** Headings of the help. */
export const FLAG_GROUPS = {
  serve: "What it serves",
  model: "One model, without a file",
  listen: "Where it listens",
  show: "What it shows",
  instead: "Instead of serving",
} as const;

/** What the parser, the help and the type of the parsed command line are made of. */
export const FLAGS = {
  config: {
    group: "serve",
    kind: "text",
    short: "c",
    value: "FILE",
    variable: "CONFIG_FILE_PATH",
    help: "LiteLLM's config.yaml; without one, every model of the default Ollama",
  },
  imageUrls: { group: "serve", kind: "switch", help: "fetch images that requests name by a public https URL" },
  demo: { group: "serve", kind: "switch", help: "without a config: answer from recordings when no Ollama does" },

  model: {
    group: "model",
    kind: "text",
    short: "m",
    value: "NAME",
    help: "ollama_chat/llama3.2; answers every request",
  },
  alias: { group: "model", kind: "text", value: "NAME", help: "what it is called" },
  apiBase: { group: "model", kind: "text", value: "URL", help: "where it is" },
  headers: { group: "model", kind: "text", value: "JSON", help: "headers for its host" },
  temperature: { group: "model", kind: "number", min: 0, value: "NUMBER", help: "for requests that name none" },
  maxTokens: { group: "model", kind: "whole", min: 1, value: "NUMBER", help: "for requests that name none" },
  requestTimeout: { group: "model", kind: "number", min: 0, value: "SECONDS", help: "for a whole answer" },
  dropParams: { group: "model", kind: "switch", help: "leave out what it cannot take: so it is here anyway" },
  addFunctionToPrompt: { group: "model", kind: "switch", help: "tools for models without: so it is here anyway" },

  host: {
    group: "listen",
    kind: "text",
    value: "ADDRESS",
    variable: "HOST",
    help: "default: 0.0.0.0 with a master key, else 127.0.0.1",
  },
  port: {
    group: "listen",
    kind: "whole",
    min: 0,
    max: 65535,
    value: "NUMBER",
    variable: "PORT",
    help: "default: 4000; 0 takes a free one",
  },
  generateKey: {
    group: "listen",
    kind: "switch",
    help: "without any key: make one and print it; it serves on 0.0.0.0 then",
  },
  numWorkers: {
    group: "listen",
    kind: "whole",
    min: 1,
    max: 512,
    value: "NUMBER",
    variable: "NUM_WORKERS",
    help: "processes; default: 1",
  },
  keepaliveTimeout: {
    group: "listen",
    kind: "number",
    min: 0,
    value: "SECONDS",
    variable: "KEEPALIVE_TIMEOUT",
    help: "how long an idle connection is kept; default: 75",
  },
  limitConcurrency: {
    group: "listen",
    kind: "whole",
    min: 1,
    value: "NUMBER",
    variable: "LIMIT_CONCURRENCY",
    help: "requests at a time in one process; more get a 429",
  },
  sslCertfilePath: {
    group: "listen",
    kind: "text",
    value: "FILE",
    variable: "SSL_CERTFILE_PATH",
    help: "TLS: the certificates",
  },
  sslKeyfilePath: {
    group: "listen",
    kind: "text",
    value: "FILE",
    variable: "SSL_KEYFILE_PATH",
    help: "TLS: their key",
  },
  ciphers: { group: "listen", kind: "text", value: "LIST", help: "TLS: the ciphers, in OpenSSL's words" },

  reload: { group: "serve", kind: "switch", help: "read the config again when it changes; SIGHUP does, too" },
  debug: { group: "show", kind: "switch", help: "requests to upstreams and how they end, keys masked" },
  detailedDebug: {
    group: "show",
    kind: "switch",
    variable: "DETAILED_DEBUG",
    help: "the same with headers and bodies: what users write is in the log",
  },

  checkConfig: {
    group: "instead",
    kind: "switch",
    help: "tell what becomes of each key of the config; 1 if it is bad",
  },
  validateConfig: { group: "instead", kind: "switch", help: "the same, as LiteLLM calls it" },
  skipServerStartup: { group: "instead", kind: "switch", help: "the same: there is nothing else to set up" },
  test: { group: "instead", kind: "switch", help: "ask a running proxy something and show the answer" },
  health: { group: "instead", kind: "switch", help: "what a running proxy says of its models" },
  help: { group: "instead", kind: "switch", short: "h", help: "this text" },
  version: { group: "instead", kind: "switch", short: "v", help: "the version" },
} as const;

/** One of LiteLLM's flags that has no effect here, and why: accepted, so that its command lines work. */
export interface IgnoredFlag {
  readonly kind: "switch" | "text";
  readonly why: string;
}

const server = "Node.js serves by itself.";
const database = "There is no database.";
const age = "Processes are not restarted for their age.";
const file = "Write a config.yaml instead.";

export const IGNORED_FLAGS: Readonly<Record<string, IgnoredFlag>> = {
  runGunicorn: { kind: "switch", why: server },
  runHypercorn: { kind: "switch", why: server },
  runGranian: { kind: "switch", why: server },
  granianThreads: { kind: "text", why: server },
  logConfig: { kind: "text", why: "LITELLM_LOG says what is logged." },
  timeoutWorkerHealthcheck: { kind: "text", why: "A worker that ends is replaced at once." },
  maxRequestsBeforeRestart: { kind: "text", why: age },
  maxRequestsBeforeRestartJitter: { kind: "text", why: age },
  prometheusMetricsPort: { kind: "text", why: "/metrics is on the proxy's own port." },
  iamTokenDbAuth: { kind: "switch", why: database },
  azurePostgresqlAuth: { kind: "switch", why: database },
  usePrismaDbPush: { kind: "switch", why: database },
  usePrismaMigrate: { kind: "switch", why: database },
  enforcePrismaMigrationCheck: { kind: "switch", why: database },
  useV2MigrationResolver: { kind: "switch", why: database },
  useLegacyMigrationResolver: { kind: "switch", why: database },
  apiVersion: { kind: "text", why: "No provider here has one." },
  addKey: { kind: "text", why: "Keys come from the environment or the config." },
  save: { kind: "switch", why: file },
  setup: { kind: "switch", why: file },
  maxBudget: { kind: "text", why: "Nothing here has a price." },
  useQueue: { kind: "switch", why: "Requests wait in line by themselves." },
  testAsync: { kind: "switch", why: "See --test." },
  numRequests: { kind: "text", why: "See --test." },
  telemetry: { kind: "text", why: "Nothing is reported to anyone." },
  local: { kind: "switch", why: "LiteLLM ignores it, too." },
};

/** `sslKeyfilePath` as it is written. */
export function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
