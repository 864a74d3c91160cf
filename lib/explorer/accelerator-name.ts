import type { Accelerator } from "../catalogue/catalogue";

export type NamedAccelerator = Pick<Accelerator, "id" | "shortName">;

/** `H100 SXM`; the id of one that is not among those given. */
export function acceleratorName(accelerators: readonly NamedAccelerator[], id: string): string {
  return accelerators.find((accelerator) => accelerator.id === id)?.shortName ?? id;
}
