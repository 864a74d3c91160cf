import type { RefObject } from "react";
import type { ExplorerData } from "@/lib/explorer/data";
import type { ExplorerQuery } from "@/lib/params/explorer-params";
import type { ExplorerView } from "../view-model";

/** Which fact of the question is open; `index` numbers the targets, one past the last adds one. */
export interface EditorTarget {
  kind: "model" | "workload" | "target" | "demand" | "price";
  index: number;
}

/** What every editor of one fact is given. */
export interface EditorProps {
  target: EditorTarget;
  anchor: RefObject<HTMLButtonElement | null>;
  data: ExplorerData;
  query: ExplorerQuery;
  view: ExplorerView;
  onChange: (query: ExplorerQuery) => void;
  onClose: () => void;
}
