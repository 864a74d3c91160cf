import { useId } from "react";
import { factExample, factLabel, STARTED_WITH_KEY } from "@/lib/ingest/facts/fact-labels";
import { FACT_NAMES } from "@/lib/ingest/facts/facts";

interface FactFieldProps {
  /** The fact's key in `iq.yaml`. */
  name: string;
  isNeeded: boolean;
  /** What is wrong with the answer so far; `null` = there is none yet. */
  wrong: string | null;
  value: string;
  /** Lists of suggestions are called `prefix-key`. */
  listPrefix: string;
  onChange: (value: string) => void;
}

/** One fact, with the catalogue's suggestions. */
export function FactField({ name, isNeeded, wrong, value, listPrefix, onChange }: FactFieldProps) {
  const id = useId();
  const example = factExample(name);
  const isDate = name === "measured_on";
  const isCount = FACT_NAMES.some((fact) => fact.key === name && fact.kind === "count");
  return (
    <div className={name === STARTED_WITH_KEY ? "sm:col-span-2 lg:col-span-3" : undefined}>
      <label htmlFor={id} className="block text-[13px]">
        {factLabel(name)}
        {isNeeded || value !== "" ? "" : <span className="text-muted"> · if you know it</span>}
      </label>
      {name === STARTED_WITH_KEY ? (
        <textarea
          id={id}
          className="field mt-0.5 block w-full font-mono text-[13px]"
          name={name}
          rows={3}
          autoCapitalize="off"
          spellCheck={false}
          placeholder={`e.g. ${example}, docker run …, a compose file, a Deployment`}
          value={value}
          aria-invalid={wrong !== null}
          aria-describedby={wrong === null ? undefined : `${id}-wrong`}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          id={id}
          className="field mt-0.5 block w-full"
          name={name}
          {...(isCount
            ? { type: "number", min: 1, step: 1, inputMode: "numeric" as const }
            : isDate
              ? { type: "date" }
              : {
                  type: "text",
                  list: `${listPrefix}-${name}`,
                  maxLength: 200,
                  autoCapitalize: "off",
                  spellCheck: false,
                })}
          placeholder={example === "" ? undefined : `e.g. ${example}`}
          value={value}
          aria-required={isNeeded}
          aria-invalid={wrong !== null}
          aria-describedby={wrong === null ? undefined : `${id}-wrong`}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {wrong !== null && (
        <p id={`${id}-wrong`} className="mt-0.5 text-[12.5px] text-warn-ink [overflow-wrap:anywhere]">
          {wrong}
        </p>
      )}
    </div>
  );
}
