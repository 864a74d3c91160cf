/** Suffixes of Kubernetes' quantities, to the factor they stand for. */
const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a number of its unit: `500m` → 0.5, `16Gi` → 17179869184, `1e3` → 1000.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 * @returns `null` for anything else
 */
export function quantityOf(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== "string" || value.length > 40) return null;
  const match = /^(\d+(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(value.trim());
  if (match === null) return null;
  const [, digits = "", exponent, suffix = ""] = match;
  const factor = exponent === undefined ? FACTORS[suffix] : 10 ** Number(exponent);
  return factor === undefined ? null : Number(digits) * factor;
}
