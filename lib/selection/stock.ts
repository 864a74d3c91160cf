import { packingOf, type ReplicaShape } from "./replica-shape";

/** Accelerators of one kind that are there already. */
export interface StockItem {
  /** Catalogue id. */
  accelerator: string;
  count: number;
  /** Accelerators of each machine they stand in; `null` = not said, so any replica may use any of them. */
  perMachine: number | null;
}

/** Replicas of a shape that the stock holds at once, and the accelerators of the kind there are. */
export interface StockRoom {
  replicas: number;
  accelerators: number;
}

/** How many replicas of a configuration the stock holds; machines of several sizes are filled each for itself. */
export function stockRoom(stock: readonly StockItem[], accelerator: string, shape: ReplicaShape): StockRoom {
  const room: StockRoom = { replicas: 0, accelerators: 0 };
  for (const item of stock) {
    if (item.accelerator !== accelerator) continue;
    room.accelerators += item.count;
    room.replicas += replicasIn(item, shape);
  }
  return room;
}

function replicasIn({ count, perMachine }: StockItem, shape: ReplicaShape): number {
  if (perMachine === null) return Math.floor(count / shape.accelerators);
  const packing = packingOf(shape, perMachine);
  if (packing === null) return 0;
  const machines = Math.floor(count / perMachine);
  return packing.machinesPerReplica > 1
    ? Math.floor(machines / packing.machinesPerReplica)
    : machines * packing.replicasPerMachine;
}

const MAX_COUNT = 1_000_000;

/** What a text may say of a stock, for messages and documentation. */
export const STOCK_FORM =
  "ACCELERATOR:COUNT, or ACCELERATOR:MACHINESxPER_MACHINE, e.g. h100-sxm-80gb:16 or h100-sxm-80gb:2x8";

/** Reads one kind of accelerator as {@link STOCK_FORM} says; `null` where it makes no sense. The name is any text. */
export function parseStockItem(text: string): StockItem | null {
  const cut = text.lastIndexOf(":");
  const accelerator = text.slice(0, Math.max(0, cut)).trim();
  const match = /^(\d{1,7})(?:\s*x\s*(\d{1,4}))?$/.exec(text.slice(cut + 1).trim());
  if (accelerator === "" || match === null) return null;
  const machines = Number(match[1]);
  const perMachine = match[2] === undefined ? null : Number(match[2]);
  const count = machines * (perMachine ?? 1);
  return count < 1 || count > MAX_COUNT ? null : { accelerator, count, perMachine };
}

/** Writes a kind of accelerator so that {@link parseStockItem} reads the same. */
export function formatStockItem({ accelerator, count, perMachine }: StockItem): string {
  return `${accelerator}:${perMachine === null ? count : `${count / perMachine}x${perMachine}`}`;
}

/** A stock holds at most so many kinds. */
export const MAX_STOCK_ITEMS = 32;
