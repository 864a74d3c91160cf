import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Select } from "@/components/select";
import { GRADE_WORDS } from "@/lib/explorer/grade-words";
import { serversOf, sourcesOf } from "@/lib/explorer/summary";
import { PRECISION_FLOORS, type PrecisionFloor, SPECULATIVE_CHOICES } from "@/lib/selection/curve-filter";
import { GRADES } from "@/lib/selection/grades";
import { precisionLabel, serverLabel } from "@/lib/words";
import type { EditorProps } from "./editor-props";
import { PercentField, percentOf, shareOf } from "./percent-field";

const SPECULATIVE_LABELS: Record<(typeof SPECULATIVE_CHOICES)[number], string> = {
  any: "with or without",
  on: "with",
  off: "without",
};

/** Which configurations and measurements count: precision, servers, versions, sources, age, failed requests. */
export function FilterEditor({ data, query, view, onChange, onClose }: EditorProps) {
  const { question } = query;
  const [only, setOnly] = useState(question.only);
  const [measuredOnly, setMeasuredOnly] = useState(question.measuredOnly);
  const [failed, setFailed] = useState(percentOf(question.requests.maxFailedShare));
  const [goodput, setGoodput] = useState(percentOf(question.requests.minGoodputShare));
  const [problem, setProblem] = useState<string | null>(null);
  const problemId = useId();
  const servers = data.summary?.servers ?? serversOf(view.curves);
  const sources = data.summary?.sources ?? sourcesOf(view.curves);

  function submit(event: FormEvent) {
    event.preventDefault();
    const maxFailedShare = shareOf(failed);
    const minGoodputShare = shareOf(goodput);
    if (maxFailedShare === undefined || minGoodputShare === undefined) {
      setProblem("Percentages lie between 0 and 100.");
      return;
    }
    onChange({
      ...query,
      question: { ...question, only, measuredOnly, requests: { maxFailedShare: maxFailedShare ?? 1, minGoodputShare } },
    });
    onClose();
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <label className="text-[12px] text-muted">
        Weights of at least
        <Select
          autoFocus
          className="field mt-1.5 block text-[14px] text-ink"
          choices={[["", "any precision"], ...PRECISION_FLOORS.map((floor) => [floor, precisionLabel(floor)] as const)]}
          value={only.precisionFloor ?? ""}
          onChoose={(floor: PrecisionFloor | "") => setOnly({ ...only, precisionFloor: floor === "" ? null : floor })}
        />
      </label>
      <label className="text-[12px] text-muted">
        Speculative decoding
        <Select
          className="field mt-1.5 block text-[14px] text-ink"
          choices={SPECULATIVE_CHOICES.map((choice) => [choice, SPECULATIVE_LABELS[choice]] as const)}
          value={only.speculative}
          onChoose={(speculative) => setOnly({ ...only, speculative })}
        />
      </label>
      <label className="text-[12px] text-muted">
        Measured since
        <input
          type="date"
          className="field mt-1.5 block text-[14px] text-ink"
          value={only.measuredSince ?? ""}
          onChange={(event) =>
            setOnly({ ...only, measuredSince: event.target.value === "" ? null : event.target.value })
          }
        />
      </label>
      <Checks
        legend="Servers"
        names={servers}
        label={(server) => (server === "unknown" ? "not stated" : serverLabel(server))}
        chosen={only.servers}
        onChoose={(chosen) => setOnly({ ...only, servers: chosen })}
      />
      <Checks
        legend="Sources"
        names={sources}
        label={(source) => source}
        chosen={only.sources}
        onChoose={(chosen) => setOnly({ ...only, sources: chosen })}
      />
      <Checks
        legend="Grades of answers"
        names={GRADES}
        label={(grade) => `${GRADE_WORDS[grade].sign} ${GRADE_WORDS[grade].word}`}
        chosen={only.grades}
        onChoose={(grades) => setOnly({ ...only, grades })}
      />
      <div className="flex w-full flex-wrap gap-x-4">
        <Check
          checked={only.newestVersionOnly}
          onCheck={(newestVersionOnly) => setOnly({ ...only, newestVersionOnly })}
        >
          Only the newest version of each server
        </Check>
        <Check checked={measuredOnly} onCheck={setMeasuredOnly}>
          Only measured throughput
        </Check>
      </div>
      <PercentField
        label="Failed requests, at most %"
        value={failed}
        placeholder="any"
        describedBy={problemId}
        onChange={setFailed}
      />
      <PercentField
        label="Goodput, at least %"
        value={goodput}
        placeholder="not asked"
        describedBy={problemId}
        onChange={setGoodput}
      />
      <button type="submit" className="button button-primary">
        Set
      </button>
      <p className="w-full text-[12px] text-muted" id={problemId} aria-live="polite">
        {problem ??
          "Where nobody counted failed requests or goodput, these two targets are taken as met. What a filter leaves out is listed below the ranking with the reason."}
      </p>
    </form>
  );
}

function Check({
  checked,
  onCheck,
  children,
}: {
  checked: boolean;
  onCheck: (checked: boolean) => void;
  children: ReactNode;
}) {
  return (
    <label className="flex min-h-6 items-center gap-2 text-[13px]">
      <input
        type="checkbox"
        className="h-4 w-4"
        checked={checked}
        onChange={(event) => onCheck(event.target.checked)}
      />
      {children}
    </label>
  );
}

/** Names to choose some of; none chosen = any. Nothing to choose among one alone. */
function Checks<T extends string>({
  legend,
  names,
  label,
  chosen,
  onChoose,
}: {
  legend: string;
  names: readonly T[];
  label: (name: T) => string;
  chosen: readonly T[];
  onChoose: (chosen: T[]) => void;
}) {
  const offered = [...new Set([...names, ...chosen])];
  if (offered.length < 2 && chosen.length === 0) return null;
  return (
    <fieldset className="flex w-full flex-wrap gap-x-4 gap-y-1">
      <legend className="text-[12px] text-muted">{legend}, none ticked = any</legend>
      {offered.map((name) => (
        <Check
          key={name}
          checked={chosen.includes(name)}
          onCheck={(isChosen) => onChoose(isChosen ? [...chosen, name] : chosen.filter((item) => item !== name))}
        >
          {label(name)}
        </Check>
      ))}
    </fieldset>
  );
}
