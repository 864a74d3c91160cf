import { amountText } from "@/lib/explorer/sentence";
import { lengthsText } from "@/lib/words";
import type { EditorProps } from "./editor-props";

/** The workloads this model was really measured under, with how much data each has. */
export function WorkloadEditor({ data, query, onChange, onClose }: EditorProps) {
  return (
    <div>
      <p className="mb-1 text-[13px] text-muted">
        Measured for {data.model?.displayName ?? "this model"}, most data first
      </p>
      {data.workloads.map(({ workload, loadPoints, configurations, accelerators }, index) => {
        const chosen = workload.workloadId === data.workload?.workloadId;
        return (
          <button
            key={workload.workloadId}
            type="button"
            // biome-ignore lint/a11y/noAutofocus: opening the popover is asking for it
            autoFocus={chosen || (data.workload === null && index === 0)}
            aria-pressed={chosen}
            className={`block w-full rounded-md px-2 py-1.5 text-left hover:bg-soft ${chosen ? "bg-soft" : ""}`}
            onClick={() => {
              onClose();
              onChange({ ...query, workload: workload.workloadId, axes: { ...query.axes, latency: null } });
            }}
          >
            <span className={chosen ? "font-semibold" : ""}>{lengthsText(workload)}</span>{" "}
            <span className="text-muted">{workload.workloadId}</span>
            <div className="text-[12px] text-muted">{amountText(loadPoints, configurations, accelerators.length)}</div>
          </button>
        );
      })}
    </div>
  );
}
