import { type FormEvent, useState } from "react";
import type { EditorProps } from "./editor-props";

/** Requests per second to carry, and the share of capacity kept free. */
export function DemandEditor({ query, view, onChange, onClose }: EditorProps) {
  const { demandRequestsPerSecond, headroom } = view.question;
  const [demand, setDemand] = useState(demandRequestsPerSecond === null ? "" : String(demandRequestsPerSecond));
  const [percent, setPercent] = useState(String(Math.round(headroom * 100)));

  function submit(event: FormEvent) {
    event.preventDefault();
    const value = demand === "" ? null : Number(demand);
    if (value !== null && !(value > 0)) return;
    onChange({
      ...query,
      question: { ...query.question, demandRequestsPerSecond: value, headroom: Number(percent) / 100 },
    });
    onClose();
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <label className="text-[12px] text-muted">
        Requests per second
        <input
          // biome-ignore lint/a11y/noAutofocus: opening the popover is asking for it
          autoFocus
          type="number"
          min="0.0001"
          max="1000000"
          step="any"
          inputMode="decimal"
          placeholder="any"
          className="field block w-32 text-[14px] text-ink"
          value={demand}
          onChange={(event) => setDemand(event.target.value)}
        />
      </label>
      <label className="text-[12px] text-muted">
        Headroom, %
        <input
          type="number"
          min="0"
          max="90"
          step="1"
          required
          className="field block w-24 text-[14px] text-ink"
          value={percent}
          onChange={(event) => setPercent(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-primary">
        Set
      </button>
      <p className="w-full text-[12px] text-muted">
        Gives replicas, instances and cost. Empty: the ranking alone, without a capacity plan.
      </p>
    </form>
  );
}
