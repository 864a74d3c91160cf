import type { ComponentProps } from "react";

interface SelectProps<T extends string> extends Omit<ComponentProps<"select">, "value" | "onChange" | "children"> {
  choices: readonly (readonly [value: T, label: string])[];
  value: T;
  onChoose: (value: T) => void;
}

/** A select for the values of a union: `onChoose` is given one of the choices, not any string. */
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
