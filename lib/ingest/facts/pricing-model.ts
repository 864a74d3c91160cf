import type { QualityFlag } from "../../measurement/quality-flags";
import type { ReadPoint } from "../report";

/** Where the pricing model a person gave is kept among the extras of a point. */
export const PRICING_MODEL_EXTRA = "pricing_model";

/** Names under which reports publish a cost per million tokens. */
const COST_NAME = /^Cost\/M |costPerMillion|cost_per_million/;

/** Names under which a report says which pricing model its costs are for. */
const STATED_NAME = /(?:^|[.\]])(?:pricingModel|pricing_model)$/;

/**
 * The points with the pricing model the person gave written beside their published costs. Costs of which neither the report
 * nor the person says the pricing model earn the run the flag `published_cost_without_pricing_model`: it is never guessed.
 */
export function withPricingModel(
  points: readonly ReadPoint[],
  given: string | undefined,
): { points: ReadPoint[]; flags: QualityFlag[] } {
  if (points.every(({ extras }) => extras === undefined)) return { points: [...points], flags: [] };
  let unknown = false;
  const priced = points.map((point) => {
    const extras = point.extras;
    if (extras === undefined || !publishesCost(extras) || statesPricingModel(extras)) return point;
    if (given === undefined) {
      unknown = true;
      return point;
    }
    return { ...point, extras: { ...extras, [PRICING_MODEL_EXTRA]: given } };
  });
  return { points: priced, flags: unknown ? ["published_cost_without_pricing_model"] : [] };
}

function publishesCost(extras: NonNullable<ReadPoint["extras"]>): boolean {
  return Object.entries(extras).some(
    ([name, value]) => COST_NAME.test(name) && value !== null && /\d/.test(String(value)),
  );
}

function statesPricingModel(extras: NonNullable<ReadPoint["extras"]>): boolean {
  return Object.entries(extras).some(([name, value]) => STATED_NAME.test(name) && value !== null && value !== "");
}
