import { Agent, type IncomingMessage, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { KEY } from "./gateway.ts";

export interface Question {
  readonly path: string;
  readonly body?: object | undefined;
  /** Leaves after so many milliseconds, whatever has come by then. */
  readonly leaveAfterMs?: number | undefined;
  /** Takes what comes in pieces, with so many milliseconds between them. */
  readonly pauseMs?: number | undefined;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

export interface Client {
  /** Resolves with `undefined` when it left early. Rejects when the connection broke. */
  ask(question: Question): Promise<Answered | undefined>;
  close(): void;
}

/** A client with a pool of connections, as SDKs have one. */
export function createClient(url: string): Client {
  const agent = new Agent({ keepAlive: true });
  return {
    ask: (question) => ask(url, agent, question),
    close: () => agent.destroy(),
  };
}

function ask(
  url: string,
  agent: Agent,
  { path, body, leaveAfterMs, pauseMs }: Question,
): Promise<Answered | undefined> {
  return new Promise((resolve, reject) => {
    let hasLeft = false;
    const headers = { authorization: `Bearer ${KEY}`, ...(body && { "content-type": "application/json" }) };
    const request = send(url + path, { agent, method: body === undefined ? "GET" : "POST", headers });
    const leaving =
      leaveAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            hasLeft = true;
            request.destroy();
            resolve(undefined);
          }, leaveAfterMs);
    const fail = (error: Error) => {
      clearTimeout(leaving);
      if (!hasLeft) reject(error);
    };
    request.on("error", fail);
    request.on("response", (response) => {
      read(response, pauseMs).then((text) => {
        clearTimeout(leaving);
        resolve({ status: response.statusCode ?? 0, text });
      }, fail);
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function read(response: IncomingMessage, pauseMs: number | undefined): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) {
    pieces.push(piece as Buffer);
    if (pauseMs !== undefined) await sleep(pauseMs);
  }
  return Buffer.concat(pieces).toString("utf8");
}
