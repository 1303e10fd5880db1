import { connect } from "node:net";

/** What came back on a socket. */
export interface RawAnswer {
  /** 0 when nothing came. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server closes, so `connection: close` belongs in a valid request. */
export function rawExchange(port: number, request: string | Uint8Array): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1");
    socket.setEncoding("utf8");
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(parse(text)));
    socket.write(request);
  });
}

/** A request's head, with everything that a valid one needs. */
export function head(requestLine: string, fields: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ host: "proxy", connection: "close", ...fields });
  return [requestLine, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n");
}

function parse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((each) => {
    const colon = each.indexOf(":");
    return [each.slice(0, colon).toLowerCase(), each.slice(colon + 1).trim()] as const;
  });
  return {
    status: Number(statusLine.split(" ")[1] ?? 0),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
  };
}
