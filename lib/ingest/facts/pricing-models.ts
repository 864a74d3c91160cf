/** Pricing models of Google Cloud, as GKE Inference Quickstart names them. */
export const PRICING_MODELS = ["spot", "on-demand", "1-year-cud", "3-years-cud"] as const;
export type PricingModel = (typeof PRICING_MODELS)[number];

/** True for one of the four pricing models. */
export function isPricingModel(text: string): text is PricingModel {
  return PRICING_MODELS.some((model) => model === text);
}
