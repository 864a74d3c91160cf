"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState, useTransition } from "react";
import type { OptionChoices, OptionValue, TextOption } from "@/lib/manifests/options/option-choices";
import { type OptionQuestion, QUESTION_GROUPS } from "@/lib/manifests/options/option-questions";
import { ListField, SwitchField, TextField } from "./option-fields";

interface OptionFormProps {
  /** The page's own path, and the rest of its question. */
  path: string;
  kept: readonly (readonly [name: string, value: string])[];
  choices: OptionChoices;
  texts: Record<TextOption, string>;
  /** Lines of text that make no sense, or not with the other answers, each with the reason. */
  problems: { [K in TextOption]?: string };
  /** What holds the weights where the storage needs a name for it. */
  source: { what: string; example: string } | null;
  /** Servers that work together over the network: several machines a replica, or prefill apart from decode. */
  isSpread: boolean;
  children: ReactNode;
}

/**
 * The questions about the cluster beside what follows from them. A plain form whose state is the address: with JavaScript a
 * change shows its manifest at once, focus and scroll stay; without, a button sends it.
 */
export function OptionForm({ path, kept, choices, texts, problems, source, isSpread, children }: OptionFormProps) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const present = presentValues(choices, texts);
  const signature = JSON.stringify(present);
  // Changes whose manifest has not come yet; when it comes, or the reader goes back to an older one, they are dropped.
  const [changed, setChanged] = useState<{ over: string; values: Record<string, string> }>({
    over: signature,
    values: {},
  });
  if (changed.over !== signature) setChanged({ over: signature, values: {} });
  const values = { ...present, ...changed.values };

  function change(changes: Record<string, string>) {
    const next = { ...values, ...changes };
    setChanged({ over: signature, values: next });
    const options = Object.entries(next).filter(([, value]) => value !== "");
    startTransition(() => router.push(`${path}?${searchOf([...options, ...kept])}`, { scroll: false }));
  }

  function choose(question: OptionQuestion, chosen: OptionValue) {
    change({ [question.param]: chosen.formValue, ...Object.fromEntries(chosen.drops.map((param) => [param, ""])) });
  }

  function field(question: OptionQuestion) {
    const value = values[question.param] ?? "";
    const { field: kind, param, label } = question;
    if (kind.kind === "text") {
      if (kind.option === "storageSource" && source === null && value === "") return null;
      if (kind.option === "rdmaResource" && !isSpread && value === "") return null;
      const example = kind.option === "storageSource" ? (source?.example ?? "") : kind.example;
      const help = kind.option === "storageSource" ? (source?.what ?? "") : "";
      return (
        <TextField
          key={param}
          {...{ name: param, label, value, example, help }}
          problem={problems[kind.option] ?? null}
          onCommit={(text) => change({ [param]: text })}
        />
      );
    }
    if (choices.autoscaler.some((item) => item.isPresent && item.value === "none")) {
      if (kind.option === "metrics" || kind.option === "signal") return null;
    }
    const shared = { question, values: choices[kind.option], value, onChoose: choose };
    return kind.kind === "switch" ? <SwitchField key={param} {...shared} /> : <ListField key={param} {...shared} />;
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-6 lg:grid-cols-[300px_minmax(0,1fr)]">
      <form
        method="get"
        action={path}
        aria-label="About the cluster"
        className="min-w-0"
        onSubmit={(event) => {
          event.preventDefault();
          change({});
        }}
      >
        {kept.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may come several times
          <input key={`${name}-${index}`} type="hidden" name={name} value={value} />
        ))}
        <div className="flex flex-col gap-5">
          {QUESTION_GROUPS.map((group) => (
            <fieldset key={group.title} className="min-w-0">
              <legend className="mb-1.5 font-semibold text-[13px]">{group.title}</legend>
              <div className="grid gap-x-3 gap-y-3 min-[480px]:grid-cols-2 lg:grid-cols-1">
                {group.questions.map(field)}
              </div>
            </fieldset>
          ))}
        </div>
        <noscript>
          <button type="submit" className="button button-primary mt-4">
            Show this manifest
          </button>
        </noscript>
      </form>
      <div
        className={`min-w-0 transition-opacity ${isPending ? "opacity-60" : ""}`}
        aria-busy={isPending}
        data-manifest-state={isPending ? "pending" : "shown"}
      >
        {children}
      </div>
    </div>
  );
}

/** A search string that people can read: slashes and colons, which are legal in one, stay unescaped. */
function searchOf(entries: readonly (readonly [name: string, value: string])[]): string {
  return entries
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2F", "/").replaceAll("%3A", ":")}`)
    .join("&");
}

/** The value of each field, in the words of the address. */
function presentValues(choices: OptionChoices, texts: Record<TextOption, string>): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { questions } of QUESTION_GROUPS) {
    for (const { param, field } of questions) {
      values[param] =
        field.kind === "text"
          ? texts[field.option]
          : (choices[field.option].find((value) => value.isPresent)?.formValue ?? "");
    }
  }
  return values;
}
