"use client";

import { memo, useEffect, useRef } from "react";
import type { ExplorerData } from "@/lib/explorer/data";
import { configurationHref, type ExplorerView, type HighlightedCurve } from "@/lib/explorer/explorer-view";
import { hardwareLabel } from "@/lib/explorer/row-words";
import { formatCount, plural } from "@/lib/format";
import { nearMissReason } from "@/lib/selection/near-miss-words";
import { tableEntry } from "@/lib/table-entry";
import { configurationSubtitle } from "@/lib/words";
import type { ExplorerProps } from "./explorer-props";

/** Which curves the link emphasises, how many of their points are drawn and their ranks. */
export const HighlightNotice = memo(function HighlightNotice({ data, query, view, onChange }: ExplorerProps) {
  const notice = useRef<HTMLDivElement>(null);
  // A reader who has just added data wants to see its curve.
  useEffect(() => {
    notice.current?.scrollIntoView({ block: "nearest" });
  }, []);
  if (view.highlighted.length === 0) return null;
  return (
    <div
      ref={notice}
      className="mb-2 scroll-mb-[480px] border-accent border-l-[3px] pl-3 text-[13px]"
      data-highlight=""
    >
      <ul className="space-y-1">
        {view.highlighted.map(({ curve, points }) => {
          const { configuration } = curve;
          return (
            <li key={curve.curveId}>
              <a
                className="font-semibold hover:underline"
                href={configurationHref(configuration.configurationId, query, view)}
              >
                {hardwareLabel(data.accelerators, configuration)}
              </a>{" "}
              {configurationSubtitle(configuration)}
              <span className="text-muted">
                {" "}
                · {drawnText(curve.points.length, points.length)} · {standingText(view, curve, data.summary)}
              </span>
            </li>
          );
        })}
      </ul>
      <button type="button" className="link" onClick={() => onChange({ ...query, highlight: [] })}>
        Without emphasis
      </button>
    </div>
  );
});

function drawnText(all: number, drawn: number): string {
  if (drawn === all) return `${plural(all, "load point")}, emphasised in the chart`;
  const why = "the others are outliers or lack this latency or a throughput";
  return drawn === 0
    ? `none of its ${plural(all, "load point")} has a place in this chart: they are outliers or lack this latency or a throughput`
    : `${formatCount(drawn)} of ${plural(all, "load point")} emphasised in the chart; ${why}`;
}

function standingText(view: ExplorerView, curve: HighlightedCurve["curve"], summary: ExplorerData["summary"]): string {
  const { configurationId } = curve.configuration;
  const isThis = (other: { curve: { configuration: { configurationId: string } } }) =>
    other.curve.configuration.configurationId === configurationId;
  const { ranked, nearMisses, notComparable } = view.ranking;
  const place = summary === null ? ranked.findIndex(isThis) + 1 : (tableEntry(summary.places, configurationId) ?? 0);
  if (place > 0) return `place ${formatCount(place)} of ${formatCount(view.counts.ranked)}`;
  const miss = nearMisses.find(isThis);
  // Why it is not in the ranking; the answer above says how close the nearest miss came.
  if (miss !== undefined) return nearMissReason(miss);
  return notComparable.find(isThis)?.reason ?? "not in the ranking";
}
