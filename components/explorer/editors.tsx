"use client";

import { Popover } from "radix-ui";
import type { ReactNode, RefObject } from "react";
import { DemandEditor } from "./editors/demand-editor";
import type { EditorProps, EditorTarget } from "./editors/editor-props";
import { FilterEditor } from "./editors/filter-editor";
import { ModelEditor } from "./editors/model-editor";
import { PriceEditor } from "./editors/price-editor";
import { StockEditor } from "./editors/stock-editor";
import { TargetEditor } from "./editors/target-editor";
import { WorkloadEditor } from "./editors/workload-editor";

const TITLES: Record<EditorTarget["kind"], string> = {
  model: "Model",
  workload: "Workload",
  target: "Target",
  demand: "Demand",
  stock: "Accelerators you have",
  price: "Price",
  filter: "Which figures count",
};

/** The popover that edits one fact of the question, beside its button. */
export function Editors(props: EditorProps) {
  const { target, anchor, onClose } = props;
  return (
    <Popover.Root
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={12}
          aria-label={TITLES[target.kind]}
          className="z-30 max-h-[min(70vh,var(--radix-popover-content-available-height))] w-[min(400px,calc(100vw-24px))] overflow-auto rounded-xl border border-line bg-page p-3 shadow-lg"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus();
          }}
          onInteractOutside={(event) => {
            // A press on its own button closes the popover already.
            if (event.target instanceof Node && anchor.current?.contains(event.target)) event.preventDefault();
          }}
        >
          {content(props)}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function content(props: EditorProps): ReactNode {
  switch (props.target.kind) {
    case "model":
      return <ModelEditor {...props} />;
    case "workload":
      return <WorkloadEditor {...props} />;
    case "target":
      return <TargetEditor {...props} />;
    case "demand":
      return <DemandEditor {...props} />;
    case "stock":
      return <StockEditor {...props} />;
    case "price":
      return <PriceEditor {...props} />;
    case "filter":
      return <FilterEditor {...props} />;
  }
}
