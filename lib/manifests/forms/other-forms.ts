import type { AskedOptions } from "../options/manifest-options";
import type { Choice } from "../plan/choice";
import { manifestUrl } from "./git-ops";
import { inferenceServiceText, llmInferenceServiceText } from "./kserve";
import { nodePoolText } from "./machines";
import { oneMachineRefusal } from "./one-machine";
import { productionStackText } from "./production-stack";

/** Which forms of a choice there are, beside the manifest itself; each `null` where there is, else why not. */
export interface FormRefusals {
  oneMachine: string | null;
  inferenceService: string | null;
  llmInferenceService: string | null;
  productionStack: string | null;
  machines: string | null;
  /** Whether what follows Git could fetch the manifest: the server's own address is known. */
  hasAddress: boolean;
}

function reason(made: { ok: true } | { ok: false; error: string }): string | null {
  return made.ok ? null : made.error;
}

/** The forms of a choice, tried one after the other. */
export function otherForms(choice: Choice, asked: AskedOptions): FormRefusals {
  return {
    oneMachine: oneMachineRefusal(choice),
    inferenceService: reason(inferenceServiceText(choice)),
    llmInferenceService: reason(llmInferenceServiceText(choice)),
    productionStack: reason(productionStackText(choice)),
    machines: reason(nodePoolText(choice, "terraform")),
    hasAddress: manifestUrl(choice, asked) !== null,
  };
}
