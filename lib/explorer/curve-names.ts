import type { Configuration } from "../domain";
import { precisionLabel, serverLabel, shortVersion, speculativeLabel } from "../words";
import type { NamedAccelerator } from "./accelerator-name";
import { hardwareLabel } from "./row-words";

/** Facts that may set two configurations on the same hardware apart, in the order a reader asks for them. */
const FACTS: readonly ((configuration: Configuration) => string | null)[] = [
  ({ server }) => serverLabel(server),
  ({ serverVersion }) => (serverVersion === null ? "version unknown" : shortVersion(serverVersion)),
  ({ precision }) => precisionLabel(precision),
  ({ parallelism }) => parallelism.label?.toUpperCase() ?? null,
  ({ speculative, speculativeTokens }) =>
    speculative === null ? "no speculation" : speculativeLabel(speculative, speculativeTokens),
  ({ servingMode }) => (servingMode === "disaggregated" ? "disaggregated" : "aggregated"),
];

/**
 * Short names of curves that stand in one picture: the hardware, and of those on the same hardware what sets them apart and no more:
 * `4× A100 SXM 80GB 0.10.2`, `4× A100 SXM 80GB 0.11.0`.
 */
export function curveNames(
  configurations: readonly Configuration[],
  accelerators: readonly NamedAccelerator[],
): string[] {
  const names = configurations.map((configuration) => hardwareLabel(accelerators, configuration));
  return configurations.map((configuration, index) => {
    const name = names[index] ?? "";
    const alike = configurations.filter((_, other) => names[other] === name);
    const apart = FACTS.flatMap((fact) => (new Set(alike.map(fact)).size > 1 ? [fact(configuration)] : [])).filter(
      (text) => text !== null,
    );
    return [name, ...apart].join(" ");
  });
}
