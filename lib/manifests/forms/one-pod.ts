import type { KubernetesObject, V1Container, V1PodSpec, V1PodTemplateSpec } from "@kubernetes/client-node";
import { ok, type Result, refused } from "../../result";
import { instanceName } from "../objects/kubernetes-names";
import { podTemplate } from "../objects/pod";
import type { ManifestOptions } from "../options/manifest-options";
import type { BundleContext } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import { type DecidedBundle, decideAddOns } from "../plan/decide-add-ons";
import { decideBundle } from "../plan/decide-bundle";
import { replicaAccelerators } from "../plan/replica-layout";
import type { CommandStep, Guide } from "../write/command-guide";
import { guide } from "../write/command-guide";
import { inNamespace } from "../write/kubernetes-objects";
import { header } from "../write/manifest-header";
import { serialize } from "../write/yaml-serializer";

/** A choice in another form, as one text. */
export interface FormText {
  name: string;
  file: string;
  text: string;
  notes: string[];
}

/** The pod of the manifest, for a form whose controller or chart makes Deployments and Services of it. */
export interface OnePod {
  bundle: DecidedBundle;
  context: BundleContext;
  template: V1PodTemplateSpec;
  spec: V1PodSpec;
  /** The model server in it. */
  container: V1Container;
  /** Short enough for what the controller appends. */
  name: string;
  notes: string[];
}

function leftOut(options: ManifestOptions, label: string, keepsGateway: boolean): string[] {
  const asked = [
    ...(options.autoscaler === "none" ? [] : [`the autoscaler (${options.autoscaler})`]),
    ...(options.gateway === "none" || keepsGateway ? [] : [`the gateway (${options.gateway})`]),
    ...(options.monitoring === "none" ? [] : [`dashboard and alerts (${options.monitoring})`]),
    ...(options.benchmarkJob ? ["the benchmark Job"] : []),
    ...(options.networkPolicy ? ["the NetworkPolicy"] : []),
  ];
  if (asked.length === 0) return [];
  return [`${label} has ways of its own for these, so they are not written here: ${asked.join(", ")}.`];
}

/**
 * The pod of a choice, decided as for the manifest: image, arguments, variables, devices, storage, probes and placement are the
 * same. Refused, with the reason, where a replica is more than one pod.
 * @param label of the form, as sentences name it
 * @param nameCharacters the longest name its objects may have
 * @param keepsGateway whether the form routes requests itself where a gateway is asked for
 */
export function onePod(choice: Choice, label: string, nameCharacters: number, keepsGateway = false): Result<OnePod> {
  const options: ManifestOptions = {
    ...choice.options,
    autoscaler: "none",
    gateway: "none",
    monitoring: "none",
    benchmarkJob: false,
    networkPolicy: false,
  };
  const decided = decideBundle({ ...choice, options });
  if (!decided.ok) return decided;
  const { server, prefill, layout } = decided.value;
  if (server.operator !== undefined) {
    return refused(`${server.label} is deployed by an operator of its own, not by ${label}: take the manifest.`);
  }
  if (prefill !== null) {
    return refused(
      `Prefill and decode apart take two kinds of pods and a router between them: take the manifest, not ${label}.`,
    );
  }
  if (server.group !== undefined) {
    return refused(`A replica over several machines is more than one pod: take the manifest, not ${label}.`);
  }
  const bundle = decideAddOns(decided.value);
  if (!bundle.ok) return bundle;
  const template = podTemplate(decided.value, bundle.value.labels);
  const { spec } = template;
  const container = spec?.containers[0];
  if (spec === undefined || container === undefined) throw new Error("a pod has a container");
  return ok({
    bundle: bundle.value,
    context: bundle.value.context,
    template,
    spec,
    container,
    name: instanceName(choice.configuration, replicaAccelerators(layout), nameCharacters),
    notes: [...leftOut(choice.options, label, keepsGateway), ...bundle.value.notes],
  });
}

/** What a form's own commands are, in the place of those for a Deployment. */
export interface FormCommands {
  /** Before the platform's and the options' own. */
  prerequisites: Guide["prerequisites"];
  apply: string;
  watch: readonly string[];
  test: readonly string[];
}

/** The objects a bundle has beside its server's own Deployment, Service and disruption budget. */
export function objectsBeside({ context, nodes }: DecidedBundle): KubernetesObject[] {
  const { storage, devices, server } = context;
  return [...nodes.objects, ...storage.addOn.objects, ...devices.addOn.objects, ...server.objects];
}

/** The header's lines of a form: the manifest's own, with this form's commands. */
export function formHeader({ bundle, context, notes }: OnePod, commands: FormCommands): string {
  const base = guide(context, [...commands.prerequisites, ...bundle.prerequisites], commands.apply);
  const lines: Partial<Record<CommandStep["id"], readonly string[]>> = { watch: commands.watch, test: commands.test };
  const steps = base.steps.map((step) => ({ ...step, lines: lines[step.id] ?? step.lines }));
  return header(context, { ...base, steps }, notes);
}

/** Objects of a form in their namespace as one text, below a header. */
export function formText(pod: OnePod, objects: readonly KubernetesObject[], commands: FormCommands): string {
  return serialize(inNamespace(objects, pod.context.options.namespace), formHeader(pod, commands));
}
