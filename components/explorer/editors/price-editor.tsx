import { type FormEvent, useEffect, useId, useState } from "react";
import { Select } from "@/components/select";
import { PRICE_KINDS, type PriceKind } from "@/lib/catalogue/catalogue";
import { formatCurrency, US_DOLLAR } from "@/lib/currency";
import { acceleratorName } from "@/lib/explorer/accelerator-name";
import { namerOf } from "@/lib/explorer/name-stock";
import type { AcceleratorNames } from "@/lib/ingest/facts/accelerators";
import { PRICE_PARAMS } from "@/lib/params/price-params";
import type { Question } from "@/lib/selection/types";
import { PRICE_KIND_LABELS } from "@/lib/words";
import { acceleratorNames } from "./accelerator-names";
import type { EditorProps } from "./editor-props";

const PERCENT = 100;

interface Fields {
  own: string;
  ownByAccelerator: string;
  discounts: string;
  outputPerInput: string;
  cachedPerInput: string;
  currency: string;
}

type Prices = Pick<Question, "price" | "tokenPrices" | "currency">;

/** What was typed, joined to the question; the problems where something makes no sense. */
function readFields(fields: Fields, question: Prices, names: readonly AcceleratorNames[]): Prices | string[] {
  const problems: string[] = [];
  const refuse = (value: string, expected: string) => problems.push(`“${value}”: expected ${expected}.`);
  const texts = (text: string): string[] => [text.replaceAll(/\s*,\s*/g, ",").trim()].filter(Boolean);
  const usd = fields.own.trim() === "" ? null : Number(fields.own);
  if (usd !== null && !(usd > 0)) refuse(fields.own, "dollars above 0");
  const nameAccelerator = namerOf(names);
  const ownByAccelerator = PRICE_PARAMS.ownByAccelerator
    .read(texts(fields.ownByAccelerator), refuse)
    .flatMap((item) => {
      const found = nameAccelerator(item.accelerator);
      if ("id" in found) return { ...item, accelerator: found.id };
      problems.push(found.problem);
      return [];
    });
  const discounts = PRICE_PARAMS.discounts.read(texts(fields.discounts.replaceAll("%", "")), refuse);
  const outputPerInput = PRICE_PARAMS.outputPerInput.read(texts(fields.outputPerInput), refuse);
  const cachedPerInput = PRICE_PARAMS.cachedPerInput.read(texts(fields.cachedPerInput), refuse);
  const currency = PRICE_PARAMS.currency.read(texts(fields.currency), refuse);
  if (problems.length > 0) return problems;
  return {
    price: { ...question.price, ownUsdPerAcceleratorHour: usd, ownByAccelerator, discounts },
    tokenPrices: { outputPerInput, cachedPerInput },
    currency,
  };
}

/** Whose price: the cheapest offer of a kind, one provider's, or the user's own; discounts, how tokens are priced, currency. */
export function PriceEditor({ data, query, view, onChange, onClose }: EditorProps) {
  const { price, tokenPrices, currency } = view.question;
  const [kind, setKind] = useState<PriceKind>(price.kind);
  const [provider, setProvider] = useState(price.provider ?? "");
  const [names, setNames] = useState<readonly AcceleratorNames[] | null>(null);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const problemId = useId();
  const [fields, setFields] = useState<Fields>({
    own: price.ownUsdPerAcceleratorHour === null ? "" : String(price.ownUsdPerAcceleratorHour),
    ownByAccelerator: price.ownByAccelerator
      .map((item) => `${acceleratorName(data.acceleratorNames, item.accelerator)}:${item.usdPerHour}`)
      .join(", "),
    discounts: PRICE_PARAMS.discounts.write([...price.discounts]).join(", "),
    outputPerInput: String(tokenPrices.outputPerInput),
    cachedPerInput: String(Number((tokenPrices.cachedPerInput * PERCENT).toPrecision(6))),
    currency: formatCurrency(currency) === formatCurrency(US_DOLLAR) ? "" : formatCurrency(currency),
  });
  const kinds = PRICE_KINDS.filter((item) => item === price.kind || data.prices.some((row) => row.kind === item));
  const providers = [...new Set(data.prices.filter((row) => row.kind === kind).map((row) => row.provider))].sort();

  useEffect(() => {
    acceleratorNames()
      .then(setNames)
      .catch(() => setProblems(["The accelerators' names could not be loaded: try again in a moment."]));
  }, []);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (names === null) return;
    const base = { ...view.question, price: { ...price, kind, provider: provider === "" ? null : provider } };
    const read = readFields(fields, base, names);
    if (Array.isArray(read)) {
      setProblems(read);
      return;
    }
    onChange({ ...query, question: { ...query.question, ...read } });
    onClose();
  }

  const field = (key: keyof Fields, label: string, placeholder: string, width: string) => (
    <label className="text-[12px] text-muted">
      {label}
      <input
        type="text"
        placeholder={placeholder}
        className={`field mt-1.5 block text-[14px] text-ink ${width}`}
        aria-describedby={problemId}
        value={fields[key]}
        onChange={(event) => {
          setProblems([]);
          setFields({ ...fields, [key]: event.target.value });
        }}
      />
    </label>
  );

  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <label className="text-[12px] text-muted">
        Kind
        <Select
          autoFocus
          className="field mt-1.5 block text-[14px] text-ink"
          choices={kinds.map((item) => [item, PRICE_KIND_LABELS[item]] as const)}
          value={kind}
          onChoose={(next) => {
            setKind(next);
            if (!data.prices.some((row) => row.kind === next && row.provider === provider)) setProvider("");
          }}
        />
      </label>
      <label className="text-[12px] text-muted">
        Provider
        <Select
          className="field mt-1.5 block text-[14px] text-ink"
          choices={[["", "cheapest offer"], ...providers.map((item) => [item, item] as const)]}
          value={provider}
          onChoose={setProvider}
        />
      </label>
      {field("discounts", "Off list prices, %", "15, aws:20", "w-32")}
      {field("own", "Or your own, USD per accelerator-hour", "none", "w-56")}
      {field("ownByAccelerator", "Your own by accelerator, USD per hour of one", "H100:2.10, L40S:0.90", "w-72")}
      {field("outputPerInput", "Output ÷ input price", "4", "w-28")}
      {field("cachedPerInput", "Cached input, % of input", "10", "w-36")}
      {field("currency", "Shown in", "EUR:0.92", "w-28")}
      <button type="submit" className="button button-primary" disabled={names === null}>
        Set
      </button>
      <div className="w-full text-[12px] text-muted" id={problemId} aria-live="polite">
        {problems.length > 0 ? (
          problems.map((problem) => <p key={problem}>{problem}</p>)
        ) : (
          <p>
            {kind === "tco" ? "Cost-of-ownership figures are estimates, not offers. " : ""}
            List prices; each row of the ranking names the provider it used, the answer also the date. EUR:0.92 shows
            amounts in euros at 0.92 for a dollar.
          </p>
        )}
      </div>
    </form>
  );
}
