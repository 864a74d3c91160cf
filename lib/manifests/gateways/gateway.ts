import { ok, type Result } from "../../result";
import { ROUTER_CHART_PARTS } from "../helm/chart";
import type { AddOn, BundleContext, Prerequisite } from "../plan/bundle-context";
import { endpointPicker, pickerCollection } from "./endpoint-picker";
import { extensionPrerequisites, type HttpRoute, inferenceObjective, inferencePool } from "./objects";

/** What differs from one gateway to the next. */
export interface GatewayParts {
  /** Before the route: the Gateway, its class. */
  entrance: object[];
  route: HttpRoute;
  /** After the picker: policies of this gateway. */
  policies: object[];
  prerequisites: Prerequisite[];
  notes: string[];
}

function routingNotes({ layout }: BundleContext): string[] {
  const measured =
    layout.measuredReplicas > 1
      ? "The figures are of replicas behind the router of that measurement, which may place requests otherwise."
      : "The figures were measured on single servers without a router: shared prefixes may do better through it, nothing here predicts by how much.";
  return [
    measured,
    "The gateway asks for no key: whoever reaches its address can use the model. Put authentication in front before it is reachable from outside.",
  ];
}

/** From the entrance to the policies, without what a Helm release brings where there is one. */
function routingObjects(context: BundleContext, { entrance, route, policies }: GatewayParts): object[] {
  const { gateway } = context.options;
  if (context.release === undefined || gateway === "none") {
    return [...entrance, route, inferencePool(context), ...endpointPicker(context), ...policies];
  }
  const chart = ROUTER_CHART_PARTS[gateway];
  return [
    ...entrance,
    ...(chart.route ? [] : [route]),
    ...pickerCollection(context),
    ...(chart.policies ? [] : policies),
  ];
}

/** A gateway's parts with the pool, its picker and an objective, as one add-on. */
export function gatewayAddOn(context: BundleContext, parts: GatewayParts): Result<AddOn> {
  return ok({
    objects: [...routingObjects(context, parts), inferenceObjective(context)],
    prerequisites: [...parts.prerequisites, ...extensionPrerequisites()],
    notes: [...parts.notes, ...routingNotes(context)],
    podLabels: { "llm-d.ai/engine-type": context.server.engineType },
  });
}
