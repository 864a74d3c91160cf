/**
 * gemma-2-27b-it on vLLM 0.7.2 with ShareGPT, as Google published it: two charts of throughput and of cost against normalized
 * time per output token, in the notebook `ai-ml/notebooks/giq_visualizations.ipynb` of GoogleCloudPlatform/kubernetes-engine-samples.
 * Points are read off the charts to about 1%; the inflection points are printed in the notebook.
 */
export interface PublishedPoint {
  ntpotMs: number;
  outputTokensPerSecond: number;
  /** At spot prices; `null` where no cost is drawn. */
  usdPerMillionOutputTokens: number | null;
}

export interface PublishedCurve {
  points: readonly PublishedPoint[];
  inflectionPoint: PublishedPoint;
}

function publishedCurve(
  rows: readonly (readonly [number, number, number | null])[],
  inflectionPointNtpotMs: number,
): PublishedCurve {
  const points = rows.map(([ntpotMs, outputTokensPerSecond, usdPerMillionOutputTokens]) => ({
    ntpotMs,
    outputTokensPerSecond,
    usdPerMillionOutputTokens,
  }));
  const inflectionPoint = points.find((point) => point.ntpotMs === inflectionPointNtpotMs);
  if (inflectionPoint === undefined) throw new Error(`no point at ${inflectionPointNtpotMs} ms`);
  return { points, inflectionPoint };
}

export const PUBLISHED_CURVES = {
  "a2-highgpu-2g": publishedCurve(
    [
      [34, 172, null],
      [47, 566, null],
      [54, 800, null],
      [58, 1041, null],
      [70, 1243, null],
      [156, 1395, null],
      [741, 1395, null],
      [1267, 1432, null],
      [1358, 1432, null],
      [2101, 1422, null],
      [2294, 1450, null],
      [2782, 1450, null],
    ],
    70,
  ),
  "g2-standard-48": publishedCurve(
    [
      [118, 145, 1.209],
      [151, 233, 0.741],
      [180, 364, 0.506],
      [197, 388, 0.457],
      [1085, 425, 0.409],
      [2012, 433, 0.388],
      [2716, 439, 0.375],
      [3173, 425, 0.373],
      [3399, 439, 0.364],
      [5291, 442, 0.352],
    ],
    1085,
  ),
  "a3-highgpu-1g": publishedCurve(
    [
      [34, 172, 2.65],
      [40, 861, 0.533],
      [47, 1422, 0.323],
      [54, 1799, 0.256],
      [67, 2050, 0.222],
      [614, 2091, 0.216],
      [1538, 2077, 0.212],
      [2272, 2104, 0.205],
      [2318, 2104, 0.205],
      [2631, 2063, 0.207],
    ],
    67,
  ),
};

/**
 * Throughput with the price of a million input and output tokens, as printed there, on the page about GKE Inference Quickstart in
 * the documentation of GKE, and in the tests of Google's models CLI.
 */
export const PRINTED_PRICES: readonly {
  outputTokensPerSecond: number;
  usdPerMillionInputTokens: number;
  usdPerMillionOutputTokens: number;
}[] = [
  { outputTokensPerSecond: 2050, usdPerMillionInputTokens: 0.055, usdPerMillionOutputTokens: 0.222 },
  { outputTokensPerSecond: 425, usdPerMillionInputTokens: 0.102, usdPerMillionOutputTokens: 0.409 },
  { outputTokensPerSecond: 13335, usdPerMillionInputTokens: 0.009, usdPerMillionOutputTokens: 0.035 },
  { outputTokensPerSecond: 1059, usdPerMillionInputTokens: 0.019461894, usdPerMillionOutputTokens: 0.077847577 },
];
