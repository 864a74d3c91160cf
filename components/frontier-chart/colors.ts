/**
 * One colour per accelerator, the same everywhere in the product. Vendors sit in families (NVIDIA blue to violet
 * through green, AMD orange to red, Intel teal, Google ochre); within a family neighbours differ in lightness as
 * well as hue, and every curve also carries its name, so no reading depends on hue alone.
 * Pairs are [on light, on dark]; each has at least 4.5:1 contrast on its background.
 */
const ACCELERATOR_COLORS: Record<string, [string, string]> = {
  "h100-sxm-80gb": ["#0b5cad", "#5fa8f0"],
  "h100-pcie-80gb": ["#3c6e9f", "#8dbbe6"],
  "h100-nvl-94gb": ["#27547f", "#7aa7d4"],
  "h200-sxm-141gb": ["#0a7ca6", "#4cc2ea"],
  "h200-nvl-141gb": ["#2f7886", "#84d3de"],
  "b200-sxm-180gb": ["#00805c", "#3dc79a"],
  "b300-sxm-288gb": ["#4b7a0c", "#9ad24c"],
  "gb200-nvl72": ["#5b4bc4", "#a598f7"],
  "gb300-nvl72": ["#8a3ab0", "#d394f2"],
  "gh200-96gb": ["#566579", "#a5b5ca"],
  "a100-sxm-40gb": ["#85660a", "#dcb941"],
  "a100-sxm-80gb": ["#6e5410", "#c8a552"],
  "a100-pcie-80gb": ["#7d6b3f", "#d3c08a"],
  "l4-24gb": ["#5b6472", "#b4becb"],
  "a10g-24gb": ["#6a6157", "#c3b8aa"],
  "l40s-48gb": ["#42706a", "#93c9c1"],
  "rtx-pro-6000-96gb": ["#17707a", "#5cc9d5"],
  "rtx-3090-24gb": ["#626a75", "#aab3bf"],
  "mi250-128gb": ["#9a5a06", "#f0ac5a"],
  "mi300x-192gb": ["#b83e0b", "#fb8d58"],
  "mi325x-256gb": ["#9a2f6d", "#ee86c0"],
  "mi350x-288gb": ["#8f1f3f", "#f394a9"],
  "mi355x-288gb": ["#c22d49", "#fa8291"],
  "gaudi2-96gb": ["#2d6f66", "#78cabf"],
  "gaudi3-128gb": ["#0f665c", "#52cfbf"],
  "intel-arc-pro-b60-24gb": ["#47618c", "#98b4e0"],
  "tpu-v5e": ["#7c6a00", "#d8c53f"],
  "tpu-v6e": ["#8a5300", "#efb04e"],
  "tpu-v7x": ["#a04a1c", "#f6a47a"],
};

const FALLBACK_COLORS: [string, string][] = [
  ["#4a5568", "#b0bccd"],
  ["#6b4f8a", "#c3a5e6"],
  ["#2f6b4f", "#83cfab"],
  ["#7a4a4a", "#dba5a5"],
];

/** CSS colour of an accelerator for both themes, as a `light-dark()` value. */
export function acceleratorColor(acceleratorId: string): string {
  const known = ACCELERATOR_COLORS[acceleratorId];
  const [light, dark] = known ?? fallback(acceleratorId);
  return `light-dark(${light}, ${dark})`;
}

function fallback(id: string): [string, string] {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return FALLBACK_COLORS[hash % FALLBACK_COLORS.length] ?? ["#4a5568", "#b0bccd"];
}
