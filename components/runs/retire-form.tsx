import { plural } from "@/lib/format";

interface RetireFormProps {
  /** Path of the API the form is sent to. */
  action: string;
  /** `this run`, `this whole ingest`. */
  what: string;
  runs: number;
  loadPoints: number;
  formRefusal: string | null;
  /** Said first where more goes than one may think. */
  warning: string | null;
  /** A box to tick before it can be sent. */
  sure?: string;
}

/** Takes runs back after a second look. Works without JavaScript: what opens is the confirmation. */
export function RetireForm({ action, what, runs, loadPoints, formRefusal, warning, sure }: RetireFormProps) {
  const id = `reason-${action.replaceAll(/\W+/g, "-")}`;
  return (
    <details data-retire="">
      <summary className="w-fit text-muted">Retire {what} …</summary>
      {formRefusal === null ? (
        <form method="post" action={action} className="mt-2 max-w-[560px] space-y-3 rounded-lg bg-soft p-3">
          {warning !== null && <p className="text-warn-ink">{warning}</p>}
          <p>
            {plural(runs, "run")}
            {loadPoints > 0 && ` with ${plural(loadPoints, "load point")}`} will not be shown from the next revision on.
            Nothing is deleted: links made before keep showing {runs === 1 ? "it" : "them"}, and the same report can be
            added again.
          </p>
          <div>
            <label htmlFor={id} className="mb-0.5 block text-[12px] text-muted">
              Why (kept in the audit)
            </label>
            <input
              id={id}
              className="field w-full"
              type="text"
              name="reason"
              maxLength={500}
              autoComplete="off"
              placeholder="e.g. wrong server version"
            />
          </div>
          {sure !== undefined && (
            <label className="flex items-start gap-1.5">
              <input type="checkbox" name="sure" value="1" required className="mt-1" />
              {sure}
            </label>
          )}
          <button type="submit" className="button">
            Retire {what}
          </button>
        </form>
      ) : (
        <p className="mt-2 max-w-[560px] rounded-lg bg-soft p-3">
          {formRefusal} <code className="text-[13px] [overflow-wrap:anywhere]">POST {action}</code>
        </p>
      )}
    </details>
  );
}
