import type { Result } from "../../result";
import type { Choice } from "./choice";
import { type DecidedBundle, decideAddOns } from "./decide-add-ons";
import { decideBundle } from "./decide-bundle";

/** A choice decided whole, with what its options add, or why it cannot be written down. */
export function decideChoice(choice: Choice): Result<DecidedBundle> {
  const context = decideBundle(choice);
  return context.ok ? decideAddOns(context.value) : context;
}
