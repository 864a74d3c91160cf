import { useId } from "react";
import { type Answers, acceleratorIdFor, OWN_ACCELERATOR, withAnswer } from "./answers";

/** Columns of an accelerator that a person knows off its data sheet; the rest can be added later with `iq catalogue edit`. */
const FIELDS = [
  { column: "name", label: "Its name", example: "Maker NPU 96GB", isNumber: false },
  { column: "memory_gib", label: "Memory, GiB", example: "96", isNumber: true },
  { column: "memory_bandwidth_gb_per_second", label: "Memory bandwidth, GB/s", example: "4000", isNumber: true },
] as const;

interface OwnAcceleratorProps {
  directory: string;
  answers: Answers;
  onChange: (answers: Answers) => void;
}

/** Asks for an accelerator the catalogue lacks: it is stored with the reports, as one of one's own. */
export function OwnAccelerator({ directory, answers, onChange }: OwnAcceleratorProps) {
  const prefix = useId();
  const given = answers[directory] ?? {};
  return (
    <details className="sm:col-span-2 lg:col-span-3" data-own-accelerator="">
      <summary className="text-[13px]">The accelerator is not in the list? Add it</summary>
      <div className="mt-2 grid grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-3">
        {FIELDS.map(({ column, label, example, isNumber }) => {
          const key = `${OWN_ACCELERATOR}${column}`;
          return (
            <div key={column}>
              <label htmlFor={`${prefix}-${column}`} className="block text-[13px]">
                {label}
              </label>
              <input
                id={`${prefix}-${column}`}
                name={key}
                className="field mt-0.5 block w-full"
                {...(isNumber
                  ? { type: "number", min: 0, step: "any", inputMode: "decimal" as const }
                  : { type: "text", maxLength: 200 })}
                placeholder={`e.g. ${example}`}
                value={given[key] ?? ""}
                onChange={(event) => {
                  const { value } = event.target;
                  const changed = withAnswer(answers, directory, key, value);
                  onChange(
                    column === "name"
                      ? withAnswer(changed, directory, "accelerator", acceleratorIdFor(value))
                      : changed,
                  );
                }}
              />
            </div>
          );
        })}
      </div>
      <p className="mt-1 text-[12.5px] text-muted">
        It becomes a row of your own catalogue, with your name for it as the source. Without its bandwidth no point can
        be held against what its memory allows.
      </p>
    </details>
  );
}
