import { type FormEvent, useEffect, useId, useState } from "react";
import { stockText } from "@/lib/explorer/demand-words";
import { namerOf } from "@/lib/explorer/name-stock";
import type { AcceleratorNames } from "@/lib/ingest/facts/accelerators";
import { readStockFromNodes } from "@/lib/selection/stock-from-nodes";
import { readStockText } from "@/lib/selection/stock-text";
import { acceleratorNames } from "./accelerator-names";
import type { EditorProps } from "./editor-props";

/** The accelerators the reader has, typed or pasted from kubectl; empty = any may be bought. */
export function StockEditor({ data, query, view, onChange, onClose }: EditorProps) {
  const { stock, buyBeyondStock } = view.question;
  const [names, setNames] = useState<readonly AcceleratorNames[] | null>(null);
  const [text, setText] = useState(() => stockText(stock, data.acceleratorNames));
  const [buy, setBuy] = useState(buyBeyondStock);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const problemId = useId();

  useEffect(() => {
    acceleratorNames()
      .then(setNames)
      .catch(() => setProblems(["The accelerators' names could not be loaded: try again in a moment."]));
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (names === null) return;
    const isJson = text.trimStart().startsWith("{");
    const read = isJson ? readStockFromNodes(text, namerOf(names)) : readStockText(text, namerOf(names));
    if (read.problems.length > 0) {
      setProblems(read.problems);
      return;
    }
    onChange({ ...query, question: { ...query.question, stock: read.items, buyBeyondStock: buy } });
    onClose();
  }

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <label className="w-full text-[12px] text-muted">
        Accelerators you have
        <textarea
          // biome-ignore lint/a11y/noAutofocus: opening the popover is asking for it
          autoFocus
          className="field mt-1.5 block h-20 w-full text-[14px] text-ink"
          placeholder="16 H100, 8 L40S"
          aria-describedby={problemId}
          value={text}
          onChange={(event) => {
            setProblems([]);
            setText(event.target.value);
          }}
        />
      </label>
      <label className="flex min-h-6 w-full items-center gap-2 text-[13px]">
        <input type="checkbox" className="h-4 w-4" checked={buy} onChange={(event) => setBuy(event.target.checked)} />
        Buy more where they do not hold the demand
      </label>
      <button type="submit" className="button button-primary" disabled={names === null}>
        Set
      </button>
      <div className="w-full text-[12px] text-muted" id={problemId} aria-live="polite">
        {problems.length === 0 ? (
          <p>
            Or paste what <code>kubectl get nodes -o json</code> prints: it is read here and stays in the browser. 2x8
            H100 says that they stand in machines of eight. Empty: any accelerator may be bought.{" "}
            <a className="link underline" href="/cluster">
              Look at a whole cluster
            </a>
          </p>
        ) : (
          problems.map((problem) => <p key={problem}>{problem}</p>)
        )}
      </div>
    </form>
  );
}
