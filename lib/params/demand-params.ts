import { DEMAND_FORMS, type Demand, formatDemand, parseDemand } from "../selection/demand";
import { formatStockItem, MAX_STOCK_ITEMS, parseStockItem, STOCK_FORM, type StockItem } from "../selection/stock";
import { stockPartForAddress } from "../selection/stock-text";
import { type Param, splitLists, type WordsTable } from "./param";

/** A demand in any measure; `null` = not given here. */
export const demandParam: Param<Demand | null> = {
  name: "demand",
  isRepeated: false,
  read: ([text = ""], refuse) => {
    if (text === "") return null;
    const demand = parseDemand(text);
    if (demand === null) refuse(text, DEMAND_FORMS);
    return demand;
  },
  write: (demand) => (demand === null ? [] : [formatDemand(demand)]),
};

/** The accelerators the reader has; empty = any may be bought. */
export const stockParam: Param<StockItem[]> = {
  name: "have",
  isRepeated: true,
  read: (texts, refuse) => {
    const items = splitLists(texts);
    for (const text of items.slice(MAX_STOCK_ITEMS)) refuse(text, `at most ${MAX_STOCK_ITEMS} kinds of accelerator`);
    return items.slice(0, MAX_STOCK_ITEMS).flatMap((text) => {
      const item = parseStockItem(text);
      if (item === null) refuse(text, STOCK_FORM);
      return item ?? [];
    });
  },
  write: (items) => items.map(formatStockItem),
};

/** What there is to say of them. */
export function demandWords(): WordsTable<{ demand: Demand | null; stock: StockItem[] }> {
  return {
    demand: {
      values:
        "demand as you know it: `people:N:THINK_SECONDS` (at once), `requests-a-day:N:PEAK_FACTOR`, `tokens-a-day:N:PEAK_FACTOR` (output tokens), `day:Q0,…,Q23` (requests/s of each hour), or requests/s; takes the place of `qps`",
      otherwise: "`qps`",
      commandLine: {
        flag: "--demand <demand>",
        help: `demand: ${DEMAND_FORMS}`,
      },
    },
    stock: {
      values: "accelerators you have, `ACCELERATOR:COUNT` or `ACCELERATOR:MACHINESxPER_MACHINE`, repeated or in a list",
      otherwise: "any may be bought",
      commandLine: {
        flag: "--have <stock>",
        help: "accelerators you have, e.g. 16 H100, 8 L40S or 2x8 H100 (machines of eight); may be repeated",
        toAddress: (text) => splitLists([text]).map(stockPartForAddress).join(","),
      },
    },
  };
}
