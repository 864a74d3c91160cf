import type { ExplorerData } from "@/lib/explorer/data";
import type { ExplorerView } from "@/lib/explorer/explorer-view";
import type { ExplorerQuery } from "@/lib/params/explorer-params";

/** What every part of the explorer is given: what the server read, the question, and what the page shows for it. */
export interface ExplorerProps {
  data: ExplorerData;
  query: ExplorerQuery;
  view: ExplorerView;
  /** Asks another question. */
  onChange: (query: ExplorerQuery) => void;
}
