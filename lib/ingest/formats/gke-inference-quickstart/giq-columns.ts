/** Figures and facts of a GIQ row under our own names, for tables of every generation. */
export type GiqField =
  | "instanceType"
  | "acceleratorType"
  | "model"
  | "modelServer"
  | "modelServerVersion"
  | "outputTokensPerSecond"
  | "ntpotMs"
  | "ttftMs"
  | "itlMs"
  | "queriesPerSecond"
  | "inputCost"
  | "outputCost"
  | "useCase"
  | "inputLength"
  | "outputLength"
  | "servingStack"
  | "servingStackVersion";

/** Columns of `csvprofile` (`gcloud container ai profiles benchmarks list`) in their order. */
export const CSV_COLUMNS: readonly { name: string; field: GiqField }[] = [
  { name: "Instance Type", field: "instanceType" },
  { name: "Accelerator Type", field: "acceleratorType" },
  { name: "Model Name", field: "model" },
  { name: "Model Server Name", field: "modelServer" },
  { name: "Model Server Version", field: "modelServerVersion" },
  { name: "Output Tokens/s", field: "outputTokensPerSecond" },
  { name: "NTPOT (ms)", field: "ntpotMs" },
  { name: "TTFT (ms)", field: "ttftMs" },
  { name: "ITL (ms)", field: "itlMs" },
  { name: "QPS", field: "queriesPerSecond" },
  { name: "Cost/M Input Tokens", field: "inputCost" },
  { name: "Cost/M Output Tokens", field: "outputCost" },
  { name: "Use Case", field: "useCase" },
  { name: "Average Input Length", field: "inputLength" },
  { name: "Average Output Length", field: "outputLength" },
  { name: "Serving Stack", field: "servingStack" },
  { name: "Serving Stack Version", field: "servingStackVersion" },
];

/** What the `profile` table (`… profiles list`) calls differently. */
const TABLE_COLUMNS: readonly { name: string; field: GiqField }[] = [
  { name: "Accelerator", field: "acceleratorType" },
  { name: "NTPOT(ms)", field: "ntpotMs" },
  { name: "TTFT(ms)", field: "ttftMs" },
  { name: "ITL(ms)", field: "itlMs" },
  { name: "Model Server", field: "modelServer" },
  { name: "Model", field: "model" },
];

const FIELDS = new Map([...CSV_COLUMNS, ...TABLE_COLUMNS].map(({ name, field }) => [name, field]));

/** The field a column holds; `null` for a column GIQ does not write. */
export function giqField(column: string): GiqField | null {
  return FIELDS.get(column.trim()) ?? null;
}

/** True for the columns of a GIQ table of any generation. */
export function isGiqHeader(columns: readonly string[]): boolean {
  const names = new Set(columns.map((name) => name.trim()));
  return names.has("Instance Type") && (names.has("NTPOT (ms)") || names.has("NTPOT(ms)"));
}

/** Accelerators of a g2 machine (NVIDIA L4) and of a g4 machine (RTX PRO 6000) by its vCPUs (Compute Engine documentation). */
const ACCELERATORS_BY_VCPUS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  g2: { "4": 1, "8": 1, "12": 1, "16": 1, "24": 2, "32": 1, "48": 4, "96": 8 },
  g4: { "48": 1, "96": 2, "192": 4, "384": 8 },
};

/** Accelerators of a Compute Engine machine type: `a3-highgpu-8g` → 8, `ct6e-standard-4t` → 4; `null` where not known. */
export function acceleratorsOfInstance(instanceType: string): number | null {
  const suffix = /^(?:a\d+x?-[a-z]+-(\d{1,3})g|ct\d[a-z]*-[a-z]+-(\d{1,3})t)(?:-[a-z0-9]+)?$/.exec(instanceType);
  if (suffix !== null) return Number(suffix[1] ?? suffix[2]) || null;
  const standard = /^(g2|g4)-standard-(\d{1,3})$/.exec(instanceType);
  return standard === null ? null : (ACCELERATORS_BY_VCPUS[standard[1] ?? ""]?.[standard[2] ?? ""] ?? null);
}
