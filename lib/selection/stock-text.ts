import { formatStockItem, type StockItem } from "./stock";

/** What a text says of a stock: what was understood, and the parts that were not, as sentences. */
export interface ReadStock {
  items: StockItem[];
  problems: string[];
}

/** What a name of an accelerator stands for: its id, or why that is not known. */
export type NameAccelerator = (name: string) => { id: string } | { problem: string };

const MAX_TEXT_PARTS = 64;

/** `16 H100`, `16x H100`, `2x8 H100`, `H100: 16`, `h100-sxm-80gb:2x8`. */
const COUNT_FIRST = /^(\d{1,7})\s*(?:[x×]\s*(\d{1,4})\s+|[x×]\s*|\s+)(.*\S)$/i;
const COUNT_LAST = /^(.*?\S)\s*[:=]\s*(\d{1,7})(?:\s*[x×]\s*(\d{1,4}))?$/i;

function partOf(text: string): { count: number; perMachine: number | null; name: string } | null {
  const first = COUNT_FIRST.exec(text);
  const last = first === null ? COUNT_LAST.exec(text) : null;
  const [number, each, name] = first !== null ? [first[1], first[2], first[3]] : [last?.[2], last?.[3], last?.[1]];
  if (number === undefined || name === undefined) return null;
  const perMachine = each === undefined ? null : Number(each);
  const count = Number(number) * (perMachine ?? 1);
  return count < 1 ? null : { count, perMachine, name: name.trim() };
}

/** A part of a stock as a person writes it, as an address has it: `16 H100` → `H100:16`; others as they are. */
export function stockPartForAddress(text: string): string {
  const part = partOf(text.trim());
  return part === null
    ? text
    : formatStockItem({ accelerator: part.name, count: part.count, perMachine: part.perMachine });
}

/** Reads a stock as a person writes it: `16 H100, 8 L40S`, parts separated by commas, semicolons, lines or "and". */
export function readStockText(text: string, nameAccelerator: NameAccelerator): ReadStock {
  const parts = text
    .split(/[,;\n]|\band\b/i)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const read: ReadStock = { items: [], problems: [] };
  for (const part of parts.slice(0, MAX_TEXT_PARTS)) {
    const found = partOf(part);
    if (found === null) {
      read.problems.push(`“${part.slice(0, 60)}” is no number of accelerators: write 16 H100 or 2x8 H100.`);
      continue;
    }
    const named = nameAccelerator(found.name);
    if ("problem" in named) read.problems.push(named.problem);
    else read.items.push({ accelerator: named.id, count: found.count, perMachine: found.perMachine });
  }
  if (parts.length > MAX_TEXT_PARTS) read.problems.push(`At most ${MAX_TEXT_PARTS} kinds are read.`);
  return { ...read, items: together(read.items) };
}

/** Items of one kind and machine size as one. */
export function together(items: readonly StockItem[]): StockItem[] {
  const sums = new Map<string, StockItem>();
  for (const item of items) {
    const key = `${item.accelerator} ${item.perMachine}`;
    const known = sums.get(key);
    sums.set(key, known === undefined ? item : { ...known, count: known.count + item.count });
  }
  return [...sums.values()].sort((a, b) => (formatStockItem(a) < formatStockItem(b) ? -1 : 1));
}
