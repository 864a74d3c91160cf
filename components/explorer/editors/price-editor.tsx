import { type FormEvent, useState } from "react";
import { Select } from "@/components/select";
import { PRICE_KINDS, type PriceKind } from "@/lib/catalogue/catalogue";
import { PRICE_KIND_LABELS } from "@/lib/words";
import type { EditorProps } from "./editor-props";

/** Whose price: the cheapest offer of a kind, one provider's, or the user's own. */
export function PriceEditor({ data, query, view, onChange, onClose }: EditorProps) {
  const { price } = view.question;
  const [kind, setKind] = useState<PriceKind>(price.kind);
  const [provider, setProvider] = useState(price.provider ?? "");
  const [own, setOwn] = useState(price.ownUsdPerAcceleratorHour === null ? "" : String(price.ownUsdPerAcceleratorHour));
  const kinds = PRICE_KINDS.filter((item) => item === price.kind || data.prices.some((row) => row.kind === item));
  const providers = [...new Set(data.prices.filter((row) => row.kind === kind).map((row) => row.provider))].sort();

  function submit(event: FormEvent) {
    event.preventDefault();
    const usd = own === "" ? null : Number(own);
    if (usd !== null && !(usd > 0)) return;
    onChange({
      ...query,
      question: {
        ...query.question,
        price: { ...price, kind, provider: provider === "" ? null : provider, ownUsdPerAcceleratorHour: usd },
      },
    });
    onClose();
  }

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
      <label className="text-[12px] text-muted">
        Or your own, USD per accelerator-hour
        <input
          type="number"
          min="0.0001"
          max="100000"
          step="any"
          inputMode="decimal"
          placeholder="none"
          className="field block w-56 text-[14px] text-ink"
          value={own}
          onChange={(event) => setOwn(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-primary">
        Set
      </button>
      <p className="w-full text-[12px] text-muted">
        {kind === "tco" ? "Cost-of-ownership figures are estimates, not offers. " : ""}
        List prices; each row of the ranking names the provider it used, the answer also the date.
      </p>
    </form>
  );
}
