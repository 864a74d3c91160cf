"use client";

import { useState } from "react";
import { groupBy } from "@/lib/group-by";
import type { OptionValue } from "@/lib/manifests/options/option-choices";
import { type OptionQuestion, SWITCH_HELP } from "@/lib/manifests/options/option-questions";

interface ChoiceFieldProps {
  question: OptionQuestion;
  values: readonly OptionValue[];
  /** The value in the form; the manifest on the page may still be of an older one. */
  value: string;
  onChoose: (question: OptionQuestion, chosen: OptionValue) => void;
}

const LABEL = "mb-0.5 block text-[12px] text-muted";
const HELP = "mt-0.5 text-[12px] text-muted";

/** A list to choose from. Values that cannot be chosen are listed too, each with the reason. */
export function ListField({ question, values, value, onChoose }: ChoiceFieldProps) {
  const id = `option-${question.param}`;
  const shown = values.find((item) => item.formValue === value) ?? values.find((item) => item.isPresent);
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={LABEL}>
        {question.label}
      </label>
      <select
        id={id}
        name={question.param}
        className="field w-full"
        value={shown?.formValue ?? ""}
        aria-describedby={`${id}-help`}
        onChange={(event) => {
          const chosen = values[event.currentTarget.selectedIndex];
          if (chosen !== undefined) onChoose(question, chosen);
        }}
      >
        {values.map((item) => (
          <option key={item.value} value={item.formValue} disabled={item.reason !== null}>
            {item.reason === null ? item.label : `${item.label}. No: ${item.reason}`}
          </option>
        ))}
      </select>
      <p id={`${id}-help`} className={HELP}>
        {shown?.help}
      </p>
      <Reasons values={values} />
    </div>
  );
}

/** The values that cannot be chosen, grouped by reason. */
function Reasons({ values }: { values: readonly OptionValue[] }) {
  const closed = values.filter((item) => item.reason !== null);
  if (closed.length === 0) return null;
  return (
    <details className="mt-0.5 text-[12px]" data-reasons="">
      <summary className="text-muted">
        {closed.length === 1 ? "One cannot be chosen: why" : `${closed.length} cannot be chosen: why`}
      </summary>
      <ul className="mt-1 space-y-1">
        {[...groupBy(closed, (item) => item.reason)].map(([reason, items]) => (
          <li key={reason}>
            <strong className="font-[550]">{items.map((item) => item.label).join(", ")}</strong>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Yes or no. */
export function SwitchField({ question, values, value, onChoose }: ChoiceFieldProps) {
  const id = `option-${question.param}`;
  const off = values.find((item) => item.value === "0");
  const on = values.find((item) => item.value === "1");
  const reason = on?.reason ?? null;
  const help = question.field.kind === "switch" ? SWITCH_HELP[question.field.option] : undefined;
  return (
    <div className="min-w-0">
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          name={question.param}
          value="1"
          checked={value === "1"}
          disabled={reason !== null}
          aria-describedby={`${id}-help`}
          onChange={(event) => {
            const chosen = event.currentTarget.checked ? on : off;
            if (chosen !== undefined) onChoose(question, chosen);
          }}
        />
        <span className={reason === null ? "" : "text-muted"}>{question.label}</span>
      </label>
      <p id={`${id}-help`} className={HELP}>
        {reason === null ? help : `Not here: ${reason}`}
      </p>
    </div>
  );
}

/** A line of text. It counts when the field loses focus or Enter is pressed: half a name is no answer. */
export function TextField({
  name,
  label,
  value,
  example,
  help,
  problem,
  onCommit,
}: {
  name: string;
  label: string;
  value: string;
  example: string;
  help: string;
  /** Why it cannot be so; `null` if it can. */
  problem: string | null;
  onCommit: (text: string) => void;
}) {
  const id = `option-${name}`;
  const [text, setText] = useState(value);
  const [taken, setTaken] = useState(value);
  if (value !== taken) {
    setTaken(value);
    setText(value);
  }
  const commit = () => {
    if (text.trim() !== value) onCommit(text.trim());
  };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className={LABEL}>
        {label}
      </label>
      <input
        id={id}
        type="text"
        name={name}
        className="field w-full"
        value={text}
        placeholder={example}
        maxLength={500}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={
          [help === "" ? "" : `${id}-help`, problem === null ? "" : `${id}-problem`].join(" ").trim() || undefined
        }
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          commit();
        }}
      />
      {help !== "" && (
        <p id={`${id}-help`} className={`${HELP} first-letter:uppercase`}>
          {help}, e.g. {example}
        </p>
      )}
      {problem !== null && (
        <p
          id={`${id}-problem`}
          className="mt-1 rounded bg-warn px-2 py-1 text-[12px] text-warn-ink"
          data-field-problem=""
        >
          {problem}
        </p>
      )}
    </div>
  );
}
