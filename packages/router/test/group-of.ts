import { type CallOptions, collect, type ProviderErrorCode } from "@llamaduct/core";
import { createRouter, type RoutedDeployment, type Router, type RouterOptions } from "../src/create-router.ts";
import type { RoutingOptions } from "../src/routing-options.ts";
import { type FakeHost, type FakeHostOptions, fakeHost } from "./fake-host.ts";
import { seededRandom } from "./random.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

export interface TestGroup {
  readonly hosts: readonly FakeHost[];
  host(name: string): FakeHost;
  readonly clock: VirtualClock;
  readonly router: Router;
  /** The name of the host that answers, or the code of the failure. */
  ask(model?: string, call?: CallOptions): Promise<string>;
  /** How often each host was asked to chat. */
  asked(): readonly number[];
}

export interface TestGroupOptions extends Partial<Omit<RouterOptions, "deployments" | "routing">> {
  /** One host each, called `a`, `b`, …; `name`s may differ. Default: two. */
  readonly deployments?: readonly (Partial<Omit<RoutedDeployment, "provider">> & {
    readonly host?: Partial<FakeHostOptions>;
  })[];
  readonly routing?: RoutingOptions;
  readonly seed?: number;
}

/** Hosts that have the model `llama`, and a router over them, in virtual time. Nobody is watched unless `status` says so. */
export function groupOf({ deployments = [{}, {}], routing, seed = 1, ...options }: TestGroupOptions = {}): TestGroup {
  const clock = virtualClock();
  const hosts = deployments.map(({ host }, index) =>
    fakeHost({ clock, name: String.fromCharCode(97 + index), ...host }),
  );
  const router = createRouter({
    deployments: deployments.flatMap(({ host: _, ...deployment }, index) => {
      const provider = hosts[index]?.provider;
      return provider === undefined ? [] : [{ ...deployment, provider }];
    }),
    routing: { status: { intervalMs: 0 }, ...routing },
    clock,
    random: seededRandom(seed),
    ...options,
  });
  return {
    hosts,
    host(name) {
      const host = hosts[name.charCodeAt(0) - 97];
      if (host === undefined) throw new Error(`There is no host ${name}.`);
      return host;
    },
    clock,
    router,
    async ask(model = "llama", call = {}) {
      const stream = router.chatModel?.(model).stream({ messages: [] }, call);
      if (stream === undefined) throw new Error("no chats");
      try {
        const { content } = await collect(stream);
        return content.map((part) => (part.type === "text" ? part.text : part.type)).join("");
      } catch (error) {
        const { code } = error as { readonly code?: ProviderErrorCode };
        if (code === undefined) throw error;
        return code;
      }
    },
    asked: () => hosts.map(({ requests }) => requests.filter((request) => request.startsWith("chat")).length),
  };
}

/** How often each answer came. */
export function countsOf(answers: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(answers, (answer) => answer)].map(([answer, all]) => [answer, all.length]));
}
