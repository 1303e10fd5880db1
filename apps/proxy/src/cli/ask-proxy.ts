import { DEFAULT_PORT } from "../serve/listen.ts";
import { toUrl } from "./base-url.ts";
import type { CommandLine } from "./command-line.ts";
import { readSettings } from "./read-settings.ts";
import { StartError } from "./start-error.ts";
import type { Surroundings } from "./surroundings.ts";

type Command = (options: CommandLine, surroundings: Surroundings) => Promise<number>;

const QUESTION = "This is a test request: write a short poem.";

/** Asks a running proxy for a poem and shows what it says. Gives 0, or 1 when that was no answer. */
export const askForAnswer: Command = async (options, surroundings) => {
  const proxy = await findProxy(options, surroundings);
  const model = options.alias ?? options.model ?? (await firstModel(proxy));
  surroundings.print(`POST ${proxy.url}/v1/chat/completions, model ${model}: ${QUESTION}`);
  const messages = [{ role: "user", content: QUESTION }];
  return show(await proxy.ask("/v1/chat/completions", { model, messages, max_tokens: 256 }), surroundings);
};

/** Shows what a running proxy says of its models. Gives 0, or 1 when that was no answer. */
export const askForHealth: Command = async (options, surroundings) => {
  const proxy = await findProxy(options, surroundings);
  surroundings.print(`GET ${proxy.url}/health`);
  return show(await proxy.ask("/health"), surroundings);
};

interface RunningProxy {
  readonly url: string;
  ask(path: string, body?: object): Promise<Reply>;
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Where this very command line would listen, with the key that it would want. */
async function findProxy(options: CommandLine, { environment, stop }: Surroundings): Promise<RunningProxy> {
  const { server } = await readSettings(options, environment);
  const { host: address = "127.0.0.1", port = DEFAULT_PORT, sslCertfilePath } = options;
  const url = toUrl({ address, port, isTls: sslCertfilePath !== undefined });
  const headers = {
    "content-type": "application/json",
    ...(server.masterKey !== undefined && { authorization: `Bearer ${server.masterKey}` }),
  };
  return {
    url,
    async ask(path, body) {
      const asked = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      try {
        const response = await fetch(url + path, { ...asked, headers, signal: stop });
        return { status: response.status, text: await response.text() };
      } catch (error) {
        if (stop.aborted) throw stop.reason;
        const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
        throw new StartError(`No proxy answers at ${url}: ${code ?? message}. Start one with: llamaduct`);
      }
    },
  };
}

async function firstModel(proxy: RunningProxy): Promise<string> {
  const { status, text } = await proxy.ask("/v1/models");
  const { data = [] } = status === 200 ? (JSON.parse(text) as { data?: readonly { id: string }[] }) : {};
  const [first] = data;
  if (first === undefined) throw new StartError(`${proxy.url} has no model to ask: ${text}\nName one with --model.`);
  return first.id;
}

function show({ status, text }: Reply, { print, complain }: Surroundings): number {
  if (status !== 200) {
    complain(`${status}: ${text}`);
    return 1;
  }
  print(JSON.stringify(JSON.parse(text), null, 2));
  return 0;
}
