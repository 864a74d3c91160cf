"use client";

import { type ComponentType, type ReactNode, useEffect, useRef, useState } from "react";
import { formatMoney } from "@/lib/currency";
import { demandText, stockText } from "@/lib/explorer/demand-words";
import { filterText } from "@/lib/explorer/filter-words";
import { askedWorkloadText } from "@/lib/selection/asked-workload";
import { sloLabel } from "@/lib/selection/slo";
import { datasetText, lengthsText, PRICE_KIND_LABELS } from "@/lib/words";
import type { EditorProps, EditorTarget } from "./editors/editor-props";
import type { ExplorerProps } from "./explorer-props";

// With a new model React builds a new page: the button that had the focus is gone, and its successor must get it.
let focusAfterLoad: EditorTarget["kind"] | null = null;

/** Names the button that gets the focus once the page of the next question has been built. */
export function returnFocusTo(kind: EditorTarget["kind"]): void {
  focusAfterLoad = kind;
}

/** The question as a sentence whose facts are buttons. Each opens its editor, which is downloaded when first wanted. */
export function AskBar({ data, query, view, onChange }: ExplorerProps) {
  const [editor, setEditor] = useState<EditorTarget | null>(null);
  const [Editors, setEditors] = useState<ComponentType<EditorProps> | null>(null);
  const anchor = useRef<HTMLButtonElement | null>(null);

  const bar = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (focusAfterLoad === null) return;
    bar.current?.querySelector<HTMLElement>(`[data-pill="${focusAfterLoad}"]`)?.focus();
    focusAfterLoad = null;
  }, []);

  function preload() {
    if (Editors === null) import("./editors").then((module) => setEditors(() => module.Editors));
  }

  function pill(target: EditorTarget, label: ReactNode, name: string, add = false) {
    const open = editor !== null && editor.kind === target.kind && editor.index === target.index;
    return (
      <button
        type="button"
        className={`pill ${add ? "pill-add" : ""}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={name}
        data-pill={target.kind}
        onPointerEnter={preload}
        onFocus={preload}
        onClick={(event) => {
          preload();
          anchor.current = event.currentTarget;
          setEditor(open ? null : target);
        }}
      >
        <span className="truncate">{label}</span>
        {!add && target.kind !== "target" && (
          <svg width="13" height="13" viewBox="0 0 24 24" className="shrink-0 text-muted" aria-hidden="true">
            <path d="m6 9 6 6 6-6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
          </svg>
        )}
      </button>
    );
  }

  const { workload } = data;
  const slos = query.slos ?? [];
  const { price, demand, stock, buyBeyondStock } = query.question;
  const demandLabel = demand === null ? "any demand" : demandText(demand);
  const stockLabel =
    stock.length === 0
      ? "any cloud"
      : `my ${stockText(stock, data.acceleratorNames)}${buyBeyondStock ? ", then any cloud" : ""}`;
  const filterLabel = filterText(query.question);
  const modelName = data.model?.displayName ?? query.model ?? "choose a model";
  const workloadLabel =
    query.askedWorkload === null
      ? `${lengthsText(workload)} tokens${datasetText(workload)}`
      : askedWorkloadText(query.askedWorkload);
  const priceLabel =
    price.ownUsdPerAcceleratorHour !== null
      ? `${formatMoney(price.ownUsdPerAcceleratorHour, query.question.currency)} per accelerator-hour`
      : `${PRICE_KIND_LABELS[price.kind]}${price.provider === null ? "" : `, ${price.provider}`}`;

  return (
    <div
      ref={bar}
      className="flex flex-wrap items-center gap-x-1.5 gap-y-1.5 text-[15px] text-muted sm:text-[16px]"
      data-ask=""
    >
      <span>I serve</span>
      {pill({ kind: "model", index: 0 }, modelName, `Model: ${modelName}. Change`)}
      <span>with</span>
      {pill({ kind: "workload", index: 0 }, workloadLabel, `Workload: ${workloadLabel}. Change`)}
      <span>and need</span>
      {slos.map((slo, index) => (
        <span key={`${slo.metric}-${slo.statistic}`} className="contents">
          {pill({ kind: "target", index }, sloLabel(slo), `Target: ${sloLabel(slo)}. Change`)}
        </span>
      ))}
      {pill(
        { kind: "target", index: slos.length },
        slos.length === 0 ? "+ a target" : "+ target",
        "Add a target or take a preset",
        true,
      )}
      <span>at</span>
      {pill({ kind: "demand", index: 0 }, demandLabel, `Demand: ${demandLabel}. Change`)}
      <span>on</span>
      {pill({ kind: "stock", index: 0 }, stockLabel, `Accelerators: ${stockLabel}. Change`)}
      <span className="max-sm:hidden">priced</span>
      {pill({ kind: "price", index: 0 }, priceLabel, `Price: ${priceLabel}. Change`)}
      <span className="max-sm:hidden">counting</span>
      {pill({ kind: "filter", index: 0 }, filterLabel, `Which figures count: ${filterLabel}. Change`)}
      {editor !== null && Editors !== null && (
        <Editors
          target={editor}
          anchor={anchor}
          data={data}
          query={query}
          view={view}
          onChange={onChange}
          onClose={() => setEditor(null)}
        />
      )}
    </div>
  );
}
