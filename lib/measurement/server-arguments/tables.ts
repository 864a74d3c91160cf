import type { ArgumentTable } from "./argument-table";
import { ATOM_ARGUMENTS, OTHER_ARGUMENTS, TGI_ARGUMENTS } from "./others";
import { SGLANG_ARGUMENTS } from "./sglang";
import { TRTLLM_ARGUMENTS } from "./trtllm";
import { VLLM_ARGUMENTS } from "./vllm";

/** Servers by what their names hold: Dynamo and ATOM's plugins start one of them with its own arguments. */
const TABLES: readonly [part: string, table: ArgumentTable][] = [
  ["vllm", VLLM_ARGUMENTS],
  ["sglang", SGLANG_ARGUMENTS],
  ["trtllm", TRTLLM_ARGUMENTS],
  ["tensorrt", TRTLLM_ARGUMENTS],
  ["tgi", TGI_ARGUMENTS],
  ["atom", ATOM_ARGUMENTS],
];

/** What is known of a server's arguments; of one that nobody has described, the usual names. */
export function argumentTable(server: string | null): ArgumentTable {
  const name = server?.toLowerCase() ?? "";
  return TABLES.find(([part]) => name.includes(part))?.[1] ?? OTHER_ARGUMENTS;
}
