import type { RefObject } from "react";
import type { ExplorerProps } from "../explorer-props";

/** Which fact of the question is open; `index` numbers the targets, one past the last adds one. */
export interface EditorTarget {
  kind: "model" | "workload" | "target" | "demand" | "stock" | "price" | "filter";
  index: number;
}

/** What every editor of one fact is given. */
export interface EditorProps extends ExplorerProps {
  target: EditorTarget;
  anchor: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}
