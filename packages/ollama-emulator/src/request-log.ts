/** A request the emulator received. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body; undefined when there was none or it was not JSON. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
  /** `performance.now()` when the request had arrived whole. */
  readonly receivedAt: number;
  /**
   * Resolves with `complete` when everything scripted was sent (a scripted close included), with `aborted` when the
   * connection ended before that: the client left, or the emulator was closed.
   */
  readonly ended: Promise<"complete" | "aborted">;
  /** `performance.now()` when `ended` resolved; undefined until then. */
  readonly endedAt: number | undefined;
}

/** The requests in order, and a way to wait for one. */
export interface RequestLog {
  readonly requests: readonly SeenRequest[];
  add(request: SeenRequest): void;
  /** The earliest request to that path (any, if undefined) not handed out yet; waits for one when there is none. */
  next(path: string | undefined): Promise<SeenRequest>;
  /** Rejects everyone who waits, now and later. */
  close(): void;
}

/** An empty log. */
export function createRequestLog(): RequestLog {
  const requests: SeenRequest[] = [];
  const waiting: {
    readonly path: string | undefined;
    resolve(request: SeenRequest): void;
    reject(error: Error): void;
  }[] = [];
  const fresh: SeenRequest[] = [];
  let closed = false;

  return {
    requests,
    add(request) {
      requests.push(request);
      const index = waiting.findIndex(({ path }) => path === undefined || path === request.path);
      if (index === -1) fresh.push(request);
      else waiting.splice(index, 1)[0]?.resolve(request);
    },
    next(path) {
      const index = fresh.findIndex((request) => path === undefined || path === request.path);
      const [found] = index === -1 ? [] : fresh.splice(index, 1);
      if (found !== undefined) return Promise.resolve(found);
      if (closed) return Promise.reject(closedBefore(path));
      return new Promise((resolve, reject) => waiting.push({ path, resolve, reject }));
    },
    close() {
      closed = true;
      for (const { path, reject } of waiting.splice(0)) reject(closedBefore(path));
    },
  };
}

function closedBefore(path: string | undefined): Error {
  return new Error(`the emulator was closed before a request${path === undefined ? "" : ` to ${path}`} came`);
}
