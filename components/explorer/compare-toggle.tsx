import { withToggled } from "@/lib/params/compare-params";
import { MAX_COMPARED } from "@/lib/params/explorer-params";
import type { ExplorerProps } from "./explorer-props";

/** Puts a configuration side by side with the others chosen, or takes it out. */
export function CompareToggle({
  id,
  name,
  query,
  onChange,
}: Pick<ExplorerProps, "query" | "onChange"> & { id: string; name: string }) {
  const isIn = query.compare.includes(id);
  const isFull = !isIn && query.compare.length >= MAX_COMPARED;
  return (
    <button
      type="button"
      className="compare-toggle"
      aria-pressed={isIn}
      aria-label={`Compare ${name}`}
      title={isFull ? `No more than ${MAX_COMPARED} side by side` : "Compare (c)"}
      disabled={isFull}
      onClick={() => onChange({ ...query, compare: withToggled(query.compare, id) })}
    >
      {isIn && <span aria-hidden="true">✓&nbsp;</span>}compare
    </button>
  );
}
