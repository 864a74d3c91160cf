import type { Result } from "../../lib/result";

/** The value of a result that must have one; a test that gets a refusal fails with its reason. */
export function expectValue<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.error}`);
  return result.value;
}
