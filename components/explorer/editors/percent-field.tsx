const PERCENT = 100;

/** A percentage as typed → a share; `null` where it is empty, `undefined` where it makes no sense. */
export function shareOf(text: string): number | null | undefined {
  if (text.trim() === "") return null;
  const value = Number(text);
  return value >= 0 && value <= PERCENT ? value / PERCENT : undefined;
}

/** A share as its percentage is typed; empty where there is none. */
export function percentOf(share: number | null): string {
  return share === null ? "" : String(Number((share * PERCENT).toPrecision(6)));
}

/** A percentage to type; {@link shareOf} reads it. */
export function PercentField({
  label,
  value,
  placeholder,
  describedBy,
  onChange,
}: {
  label: string;
  value: string;
  /** What an empty field means. */
  placeholder: string;
  describedBy: string;
  onChange: (text: string) => void;
}) {
  return (
    <label className="text-[12px] text-muted">
      {label}
      <input
        type="text"
        inputMode="decimal"
        placeholder={placeholder}
        className="field mt-1.5 block w-28 text-[14px] text-ink"
        aria-describedby={describedBy}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
