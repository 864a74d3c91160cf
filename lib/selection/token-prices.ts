/** How prices of tokens stand to each other, as sellers of tokens set them. */
export interface TokenPrices {
  /** Price of an output token ÷ price of an input token. */
  outputPerInput: number;
  /** Price of an input token read from cache ÷ price of another, 0…1. */
  cachedPerInput: number;
}

/**
 * Four times an input token for an output token, as GKE Inference Quickstart splits its costs (gkerecommender API,
 * `outputInputCostRatio`); a tenth for an input token from cache, as the large sellers of tokens list it.
 */
export const DEFAULT_TOKEN_PRICES: TokenPrices = { outputPerInput: 4, cachedPerInput: 0.1 };

/** Shares of its throughput a replica may really be used at, 0…1. */
export const USES = [1, 0.7, 0.5, 0.3] as const;

/** Cost of a replica by what is paid for, USD per million tokens, the replica in use all the time. */
export interface SplitCost {
  usdPerMillionOutputTokens: number;
  usdPerMillionInputTokens: number;
  /** `null` where how much of the input came from cache was not measured. */
  usdPerMillionCachedInputTokens: number | null;
}

/** Tokens/s that are paid for. */
export interface PaidTokens {
  outputTokensPerSecond: number;
  inputTokensPerSecond: number;
  /** Of the input, 0…1; `null` = not measured: all of it counts as read anew. */
  cachedInputShare: number | null;
}
