import type { ComponentProps } from "react";

interface SelectProps<T extends string> extends Omit<ComponentProps<"select">, "value" | "onChange" | "children"> {
  choices: readonly (readonly [value: T, label: string])[];
  value: T;
  onChoose: (value: T) => void;
}

/** A list to choose one value of a union from: what is handed on is one of the choices. */
export function Select<T extends string>({ choices, value, onChoose, ...others }: SelectProps<T>) {
  return (
    <select
      {...others}
      value={value}
      onChange={(event) => {
        const chosen = choices[event.currentTarget.selectedIndex];
        if (chosen !== undefined) onChoose(chosen[0]);
      }}
    >
      {choices.map(([choice, label]) => (
        <option key={choice} value={choice}>
          {label}
        </option>
      ))}
    </select>
  );
}
