import { type Currency, formatCurrency, parseCurrency, US_DOLLAR } from "../currency";
import type { Discount, OwnPrice } from "../selection/offers";
import { DEFAULT_TOKEN_PRICES } from "../selection/token-prices";
import { numberParam, type Param, type ParamTable, splitLists, type WordsTable, withDefault } from "./param";
import { shareParam } from "./share-param";

/** What an address says of prices beside whose they are. */
export interface PriceValues {
  ownByAccelerator: OwnPrice[];
  discounts: Discount[];
  outputPerInput: number;
  cachedPerInput: number;
  currency: Currency;
}

const MAX_ITEMS = 32;
const MAX_USD = 100_000;
const PERCENT = 100;

/** Cuts `NAME:NUMBER` at its last colon; the name is empty where there is none. */
function nameAndNumber(text: string): { name: string; value: number } {
  const cut = text.lastIndexOf(":");
  const number = text.slice(cut + 1).trim();
  return { name: text.slice(0, Math.max(0, cut)).trim(), value: number === "" ? Number.NaN : Number(number) };
}

const OWN_FORM = "ACCELERATOR:USD, e.g. h100-sxm-80gb:2.10";

const ownByAccelerator: Param<OwnPrice[]> = {
  name: "own",
  isRepeated: true,
  read: (texts, refuse) => {
    const items = splitLists(texts);
    for (const text of items.slice(MAX_ITEMS)) refuse(text, `at most ${MAX_ITEMS} accelerators`);
    return items.slice(0, MAX_ITEMS).flatMap((text) => {
      const { name, value } = nameAndNumber(text);
      if (name !== "" && value > 0 && value <= MAX_USD) return [{ accelerator: name, usdPerHour: value }];
      refuse(text, OWN_FORM);
      return [];
    });
  },
  write: (prices) => prices.map(({ accelerator, usdPerHour }) => `${accelerator}:${usdPerHour}`),
};

const discounts: Param<Discount[]> = {
  name: "discount",
  isRepeated: true,
  read: (texts, refuse) => {
    const items = splitLists(texts);
    for (const text of items.slice(MAX_ITEMS)) refuse(text, `at most ${MAX_ITEMS} discounts`);
    return items.slice(0, MAX_ITEMS).flatMap((text) => {
      const { name, value } = nameAndNumber(text);
      if (value >= 0 && value < PERCENT) return [{ provider: name === "" ? null : name, percent: value }];
      refuse(text, "PERCENT or PROVIDER:PERCENT below 100, e.g. aws:15");
      return [];
    });
  },
  write: (items) => items.map(({ provider, percent }) => (provider === null ? `${percent}` : `${provider}:${percent}`)),
};

const currency: Param<Currency> = {
  name: "currency",
  isRepeated: false,
  read: ([text = ""], refuse) => {
    if (text === "") return US_DOLLAR;
    const read = parseCurrency(text);
    if (read === null) refuse(text, "CODE:UNITS_FOR_ONE_USD, e.g. EUR:0.92");
    return read ?? US_DOLLAR;
  },
  write: (value) => (formatCurrency(value) === formatCurrency(US_DOLLAR) ? [] : [formatCurrency(value)]),
  writeWhole: (value) => [formatCurrency(value)],
};

const cachedPerInput = shareParam("cached-price");

/** Parameters of prices, in the order links are written. */
export const PRICE_PARAMS: ParamTable<PriceValues> = {
  ownByAccelerator,
  discounts,
  outputPerInput: withDefault(numberParam("ratio", { min: 0.1, max: 100 }), DEFAULT_TOKEN_PRICES.outputPerInput),
  cachedPerInput: withDefault(cachedPerInput, DEFAULT_TOKEN_PRICES.cachedPerInput),
  currency,
};

/** What there is to say of them. */
export function priceWords(): WordsTable<PriceValues> {
  return {
    ownByAccelerator: {
      values:
        "own prices by accelerator, `ACCELERATOR:USD` an hour of one, repeated or in a list; they take the place of its offers and of `usd`",
      otherwise: "`usd`, or offers",
      commandLine: {
        flag: "--own-price <accelerator:usd>",
        help: "your own price of an accelerator, e.g. H100:2.10 an hour; may be repeated",
      },
    },
    discounts: {
      values:
        "percent off list prices, 0 to below 100, of all (`15`) or of one provider (`aws:15`); repeated or in a list",
      otherwise: "none",
      commandLine: {
        flag: "--discount <percent>",
        help: "percent off list prices, of all (15) or of one provider (aws:15); may be repeated",
      },
    },
    outputPerInput: {
      values: "price of an output token ÷ price of an input token, 0.1 to 100: how cost is split between them",
      otherwise: String(DEFAULT_TOKEN_PRICES.outputPerInput),
      commandLine: { flag: "--ratio <n>", help: "price of an output token ÷ price of an input token" },
    },
    cachedPerInput: {
      values: "price of an input token from cache, percent of another’s, 0 to 100",
      otherwise: String(DEFAULT_TOKEN_PRICES.cachedPerInput * PERCENT),
      commandLine: { flag: "--cached-price <percent>", help: "price of a cached input token, percent of another's" },
    },
    currency: {
      values: "currency amounts are shown in, with its units for one US dollar, e.g. `EUR:0.92`",
      otherwise: "US dollars",
      commandLine: {
        flag: "--currency <code:rate>",
        help: "show amounts in a currency, units for one US dollar: EUR:0.92",
      },
    },
  };
}
