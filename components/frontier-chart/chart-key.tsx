import type { ReactNode } from "react";

/** What each sign of the chart means. */
export function ChartKey() {
  return (
    <details className="mt-1 text-[13px]" data-chart-key="">
      <summary className="min-h-6 w-fit text-muted">How to read the chart</summary>
      <ul className="mt-1 grid gap-x-6 gap-y-1 sm:grid-cols-2">
        <Sign means="a load that was measured; its shape is the precision">
          <circle cx="16" cy="8" r="4.2" fill="currentColor" />
        </Sign>
        <Sign means="its throughput was derived from its latencies, not measured">
          <circle cx="16" cy="8" r="4.2" className="chart-derived" stroke="currentColor" strokeWidth="1.4" />
        </Sign>
        <Sign means="line: loads of one configuration, one after another">
          <path d="M2 13L30 3" fill="none" stroke="currentColor" strokeWidth="2" />
        </Sign>
        <Sign means="step: two deployments, with nothing to deploy between them">
          <path d="M2 13V4H30" fill="none" stroke="currentColor" strokeWidth="2" />
        </Sign>
        <Sign means="faint: another point has more throughput and less latency">
          <circle cx="16" cy="8" r="2" fill="currentColor" opacity="0.28" />
        </Sign>
        <Sign means="ring: where a configuration carries most while it meets every target; the thick one answers">
          <circle cx="16" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="2.2" />
        </Sign>
        <Sign means="hollow in a ring: interpolated between two measured loads">
          <circle cx="16" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="2.2" />
          <circle cx="16" cy="8" r="2.6" className="chart-hollow" />
        </Sign>
        <Sign means="arrow: at least; the highest load measured still met the targets">
          <path d="M10 4l6 4l-6 4" fill="none" stroke="currentColor" strokeWidth="2" />
        </Sign>
        <Sign means="tinted: meets the target on this axis; its line can be moved">
          <rect x="2" y="6" width="28" height="8" className="chart-feasible" />
          <line x1="2" x2="30" y1="6" y2="6" stroke="var(--color-ok-line)" strokeWidth="1.5" strokeDasharray="5 4" />
        </Sign>
      </ul>
      <p className="mt-1 text-muted">
        Drag over the chart to look at a part of it; Ctrl or ⌘ with the wheel comes nearer, a double click shows all
        again.
      </p>
    </details>
  );
}

function Sign({ means, children }: { means: string; children: ReactNode }) {
  return (
    <li className="flex items-center gap-2">
      <svg width="32" height="16" aria-hidden="true" className="shrink-0">
        {children}
      </svg>
      <span>{means}</span>
    </li>
  );
}
