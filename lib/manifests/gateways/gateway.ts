import type { KubernetesObject, V1NetworkPolicyPort } from "@kubernetes/client-node";
import { ok, type Result } from "../../result";
import type { ChartParts } from "../helm/chart";
import type { IngressRule } from "../objects/network-policy";
import type { OptionLabel } from "../options/option-label";
import type { AddOn, Prerequisite } from "../plan/add-on";
import type { BundleContext, Planner } from "../plan/bundle-context";
import { endpointPicker, pickerCollection } from "./endpoint-picker";
import { extensionPrerequisites, type HttpRoute, inferenceObjective, inferencePool } from "./objects";

/** One way requests come to the servers. */
export interface Gateway extends OptionLabel {
  /** Why platforms that do not have it as their own cannot have it, as a sentence; `null` where anybody installs it. */
  elsewhere: string | null;
  /** What llm-d's router chart brings for it; `null` where there is no router. */
  chart: ChartParts | null;
  /** Who must reach the pods through it, beside their own namespace. */
  ingress(ports: V1NetworkPolicyPort[]): IngressRule[];
  /** What a reader has to do for it where a NetworkPolicy protects the pods. */
  policyNotes?(context: BundleContext): string[];
  plan: Planner;
}

/** What the objects of one gateway are. */
export interface GatewayParts {
  /** Before the route: the Gateway, its class. */
  entrance: KubernetesObject[];
  route: HttpRoute;
  /** After the picker: policies of this gateway. */
  policies: KubernetesObject[];
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
function routingObjects(
  context: BundleContext,
  chart: ChartParts,
  { entrance, route, policies }: GatewayParts,
): KubernetesObject[] {
  if (context.release === undefined) {
    return [...entrance, route, inferencePool(context), ...endpointPicker(context), ...policies];
  }
  return [
    ...entrance,
    ...(chart.route ? [] : [route]),
    ...pickerCollection(context),
    ...(chart.policies ? [] : policies),
  ];
}

/** A gateway's parts with the pool, its picker and an objective, as one add-on. */
export function gatewayAddOn(context: BundleContext, chart: ChartParts, parts: GatewayParts): Result<AddOn> {
  return ok({
    objects: [
      ...routingObjects(context, chart, parts),
      ...(context.options.inferenceObjective ? [inferenceObjective(context)] : []),
    ],
    prerequisites: [...parts.prerequisites, ...extensionPrerequisites(context.options)],
    notes: [...parts.notes, ...routingNotes(context)],
    podLabels: { "llm-d.ai/engine-type": context.server.engineType },
  });
}
