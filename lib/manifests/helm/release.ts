import { ok, type Result, refused } from "../../result";
import { GATEWAY_KINDS } from "../gateways/all";
import type { BundleContext } from "../plan/bundle-context";
import type { Choice } from "../plan/choice";
import { decideAddOns } from "../plan/decide-add-ons";
import { decideBundle } from "../plan/decide-bundle";
import { applyFile, type Guide, guide } from "../write/command-guide";
import { bundleObjects } from "../write/kubernetes-objects";
import { header, summaryLines } from "../write/manifest-header";
import { serialize } from "../write/yaml-serializer";
import { HELM, installRouter, objectsFile, ROUTER_CHART, releaseName, valuesFile } from "./chart";
import { routerValues } from "./values";

/** A bundle whose router comes from llm-d's chart: its values, and every other object, as two YAML texts. */
export interface RouterRelease {
  /** Of the bundle. */
  name: string;
  /** Of the Helm release. */
  release: string;
  values: string;
  objects: string;
  notes: string[];
  guide: Guide;
}

/** How long a picker of the chart has to end, fixed in it. */
const CHART_GRACE_SECONDS = 130;

function releaseNotes({ release, stop }: BundleContext): string[] {
  return [
    `Pool and endpoint picker come from the Helm release ${release}, everything else from the objects beside its values. Where the plain manifest was applied before, delete it first: by itself Helm takes over no objects it did not make.`,
    `The chart gives the picker no security context: a namespace that enforces the Pod Security level "restricted" refuses it; the plain manifest's picker passes.`,
    ...(stop.graceSeconds > CHART_GRACE_SECONDS
      ? [
          `The chart ends the picker after ${CHART_GRACE_SECONDS} s, the servers have ${stop.graceSeconds} s to finish: when the picker is replaced, answers that take longer are cut off.`,
        ]
      : []),
  ];
}

function valuesHeader(context: BundleContext): string {
  return [
    ...summaryLines(context),
    "",
    `Values of llm-d's chart ${ROUTER_CHART.address}, version ${ROUTER_CHART.version}: the pool and the picker that the plain manifest has. The objects beside this file do not work without them, nor these without the objects.`,
    "",
    "Install or change",
    `  ${installRouter(context, valuesFile(context.identity.name))}`,
  ].join("\n");
}

/** The manifests of a choice with llm-d's chart for the router, or why there are none. The same choice gives the same bytes. */
export function routerRelease(choice: Choice): Result<RouterRelease> {
  const { chart } = GATEWAY_KINDS[choice.options.gateway];
  if (chart === null) {
    return refused(
      "Helm brings llm-d's router (pool and endpoint picker), which only a gateway asks: choose a gateway, or the plain manifest.",
    );
  }
  const decided = decideBundle(choice);
  if (!decided.ok) return decided;
  const release = releaseName(decided.value.identity.name);
  const plan = decideAddOns({ ...decided.value, release });
  if (!plan.ok) return plan;
  const { context, prerequisites } = plan.value;
  const { name } = context.identity;
  const notes = [...releaseNotes(context), ...plan.value.notes];
  const steps = guide(context, [HELM, ...prerequisites], applyFile(objectsFile(name)));
  return ok({
    name,
    release,
    values: serialize([routerValues(context, chart)], valuesHeader(context)),
    objects: serialize(bundleObjects(plan.value), header(context, steps, notes)),
    notes,
    guide: steps,
  });
}
