import { ok, type Result } from "../../result";
import type { Choice } from "../plan/choice";
import { decideChoice } from "../plan/decide-choice";
import { settingsStanding, standingSentence } from "../plan/settings-standing";
import { applyFile, type Guide, guide } from "./command-guide";
import { bundleObjects } from "./kubernetes-objects";
import { header } from "./manifest-header";
import { sharedText } from "./shared-text";
import { serialize } from "./yaml-serializer";

/** Every object of a choice as one YAML text, and what a person reads and types beside it. */
export interface ManifestBundle {
  name: string;
  yaml: string;
  /** What the cluster shares, a text of its own; `null` = this choice needs nothing of the kind. */
  shared: string | null;
  notes: string[];
  guide: Guide;
}

/**
 * The manifests of a choice: Deployment, Service, PodDisruptionBudget and what the options add, as one YAML text that is the
 * same for the same choice. Refused, with the reason, where the measured deployment cannot be written down exactly.
 */
export function manifestBundle(choice: Choice): Result<ManifestBundle> {
  const plan = decideChoice(choice);
  if (!plan.ok) return plan;
  const { context, notes, prerequisites } = plan.value;
  const { name } = context.identity;
  const steps = guide(context, prerequisites, applyFile(`${name}.yaml`));
  const yaml = serialize(bundleObjects(plan.value), header(context, steps, notes));
  const standing = settingsStanding(context);
  const shared = sharedText(plan.value);
  const shown = standing.kind === "measured" ? notes : [standingSentence(standing), ...notes];
  return ok({ name, yaml, shared, notes: shown, guide: steps });
}

/** Why a choice has no manifests, down to what its options add; `null` if it has. Nothing is written. */
export function bundleRefusal(choice: Choice): string | null {
  const plan = decideChoice(choice);
  return !plan.ok ? plan.error : null;
}
