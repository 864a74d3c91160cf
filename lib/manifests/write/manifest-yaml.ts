import type { Outcome } from "../../result";
import type { Choice } from "../plan/choice";
import { type Planned, planned } from "../plan/decide-add-ons";
import { bundleContext } from "../plan/decide-bundle";
import { applyFile, type Guide, guide } from "./command-guide";
import { bundleObjects } from "./kubernetes-objects";
import { header } from "./manifest-header";
import { serialize } from "./yaml-serializer";

/** Either the objects and their YAML, or why there are none. */
export type ManifestBundle =
  | { kind: "manifests"; name: string; yaml: string; notes: string[]; guide: Guide }
  | { kind: "refused"; reason: string };

function plannedChoice(choice: Choice): Outcome<Planned> {
  const context = bundleContext(choice);
  return context.kind === "refused" ? context : planned(context.value);
}

/**
 * The manifests of a choice: Deployment, Service, PodDisruptionBudget and what the options add, as one YAML text that is the
 * same for the same choice. Refused, with the reason, where the measured deployment cannot be written down exactly.
 */
export function manifestBundle(choice: Choice): ManifestBundle {
  const plan = plannedChoice(choice);
  if (plan.kind === "refused") return plan;
  const { context, notes, prerequisites } = plan.value;
  const { name } = context.identity;
  const steps = guide(context, prerequisites, applyFile(`${name}.yaml`));
  const yaml = serialize(bundleObjects(plan.value), header(context, steps, notes));
  return { kind: "manifests", name, yaml, notes, guide: steps };
}

/** Why a choice has no manifests, down to what its options add; `null` if it has. Nothing is written. */
export function bundleRefusal(choice: Choice): string | null {
  const plan = plannedChoice(choice);
  return plan.kind === "refused" ? plan.reason : null;
}
