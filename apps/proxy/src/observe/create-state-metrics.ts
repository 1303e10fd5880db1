import type { DeploymentState } from "llamaduct";
import { Gauge, type Registry } from "prom-client";
import { splitModel } from "./split-model.ts";

export interface StateMetrics {
  /** Replaces what was set before: what is gone from the configuration is gone here. */
  set(states: readonly DeploymentState[]): void;
}

/** No machine holds more at once; a host that says so is not believed. */
const MAX_LOADED = 50;

const DEPLOYMENT = ["litellm_model_name", "model_id", "api_base", "api_provider"] as const;
const WAITING = ["model_group", ...DEPLOYMENT] as const;
const HOST = ["api_base"] as const;

/** How deployments and hosts are: gauges. */
export function createStateMetrics(registry: Registry): StateMetrics {
  const gauge = <Label extends string>(name: string, help: string, labels: readonly Label[]) =>
    new Gauge({ name, help, labelNames: [...labels], registers: [registry] });

  const state = gauge("litellm_deployment_state", "0: healthy, 2: not.", DEPLOYMENT);
  const allRequests = gauge("litellm_in_flight_requests", "Requests at deployments, or waiting for one.", []);
  const inFlight = gauge("llamaduct_deployment_in_flight", "Requests that it is answering.", WAITING);
  const queued = gauge("llamaduct_deployment_queued", "Requests that wait for it.", WAITING);
  const hostUp = gauge("llamaduct_host_up", "1: a deployment of this host is healthy.", HOST);
  const loadedModels = gauge("llamaduct_host_loaded_models", "Models in this host's memory.", HOST);
  const loadedModel = gauge("llamaduct_loaded_model", "1: in this host's memory.", [...HOST, "model"]);

  return {
    set(states) {
      for (const each of [state, inFlight, queued, hostUp, loadedModels, loadedModel]) each.reset();
      allRequests.set(states.reduce((sum, each) => sum + each.inFlight + each.queued, 0));
      const up = new Set(states.filter(({ healthy }) => healthy).map(({ apiBase }) => apiBase));
      for (const { id: model_id, group: model_group, apiBase, ...each } of states) {
        const [api_provider, litellm_model_name] = splitModel(each.model);
        const host = { api_base: apiBase ?? "" };
        const deployment = { litellm_model_name, model_id, api_provider, ...host };
        state.set(deployment, each.healthy ? 0 : 2);
        inFlight.set({ model_group, ...deployment }, each.inFlight);
        queued.set({ model_group, ...deployment }, each.queued);
        hostUp.set(host, up.has(apiBase) ? 1 : 0);
        if (each.loaded === undefined) continue;
        loadedModels.set(host, each.loaded.length);
        for (const { id } of each.loaded.slice(0, MAX_LOADED)) loadedModel.set({ ...host, model: id }, 1);
      }
    },
  };
}
