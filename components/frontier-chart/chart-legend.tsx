import { acceleratorColor, variantDashes } from "./colors";
import type { ChartSeries } from "./model";

/** A series in the legend and whether it is drawn. */
interface ChartLegendProps {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  /** `null` = the page cannot be used yet: the legend is read, not pressed. */
  onChange: ((hidden: ReadonlySet<string>) => void) | null;
}

/** Names of all curves; each can be switched off, or all others. */
export function ChartLegend({ series, hidden, onChange }: ChartLegendProps) {
  if (series.length < 2) return null;
  const shown = series.filter(({ id }) => !hidden.has(id));
  const without = (id: string) => new Set([...hidden, id]);
  const only = (id: string) => new Set(series.filter((other) => other.id !== id).map((other) => other.id));
  return (
    <ul className="mt-1 flex flex-wrap gap-x-4 text-[13px]" aria-label="Curves" data-legend="">
      {series.map((item) => {
        const isShown = !hidden.has(item.id);
        const isAlone = isShown && shown.length === 1;
        return (
          <li key={item.id} className="flex items-center gap-x-2">
            {onChange === null ? (
              <span className="tap gap-1.5">
                <Swatch series={item} isShown />
                {item.label}
              </span>
            ) : (
              <>
                <button
                  type="button"
                  className={`tap gap-1.5 ${isShown ? "" : "text-muted line-through"}`}
                  aria-pressed={isShown}
                  // The last curve on the chart brings all others back.
                  onClick={() => onChange(isAlone ? new Set() : isShown ? without(item.id) : minus(hidden, item.id))}
                >
                  <Swatch series={item} isShown={isShown} />
                  {item.label}
                </button>
                <button
                  type="button"
                  className="link tap text-[12px]"
                  aria-label={isAlone ? "All curves" : `Only ${item.label}`}
                  onClick={() => onChange(isAlone ? new Set() : only(item.id))}
                >
                  {isAlone ? "all" : "only"}
                </button>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function minus(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...ids].filter((other) => other !== id));
}

function Swatch({ series, isShown }: { series: ChartSeries; isShown: boolean }) {
  return (
    <svg
      width="22"
      height="10"
      aria-hidden="true"
      style={{ color: acceleratorColor(series.accelerator, series.variant) }}
    >
      <line
        x1="1"
        x2="21"
        y1="5"
        y2="5"
        stroke="currentColor"
        strokeWidth={series.emphasised === true ? 3.5 : 2}
        strokeDasharray={variantDashes(series.variant)}
        opacity={isShown ? 1 : 0.35}
      />
    </svg>
  );
}
