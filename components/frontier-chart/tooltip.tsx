import { acceleratorColor } from "./colors";
import type { ChartSize, PlacedMark } from "./placed";

const WIDTH_PX = 268;

/** What one point is: configuration, load, percentiles, source. Follows the pointer's point; a press pins it. */
export function Tooltip({
  placed: { mark, px, py },
  size,
  pinned,
  accelerator,
}: {
  placed: PlacedMark;
  size: ChartSize;
  pinned: boolean;
  accelerator: string;
}) {
  const width = Math.min(WIDTH_PX, size.width - 16);
  const left = Math.min(size.width - width - 4, Math.max(4, px + (px > size.width * 0.55 ? -width - 14 : 14)));
  const below = py < size.height * 0.5;
  return (
    <div
      data-tooltip=""
      data-owner={mark.owner}
      className={`absolute z-10 rounded-lg border border-line bg-page px-3 py-2 text-[13px] shadow-sm ${pinned ? "" : "pointer-events-none"}`}
      style={{ left, width, ...(below ? { top: py + 12 } : { bottom: size.height - py + 12 }) }}
    >
      <div className="flex items-baseline gap-2 font-semibold">
        <span
          aria-hidden="true"
          className="h-2.5 w-2.5 shrink-0 rounded-[3px]"
          style={{ background: acceleratorColor(accelerator) }}
        />
        <span>{mark.title}</span>
      </div>
      <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-3 text-muted">
        {mark.details.map(([label, value]) => (
          <div key={label} className="contents">
            <dt>{label}</dt>
            <dd className="text-right text-ink">{value}</dd>
          </div>
        ))}
      </dl>
      {pinned && (
        <a href={mark.href} className="link mt-1 inline-block">
          Open this configuration
        </a>
      )}
    </div>
  );
}
