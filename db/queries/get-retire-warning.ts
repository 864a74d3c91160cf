import { and, eq, isNull } from "drizzle-orm";
import { formatCount, plural } from "../../lib/format";
import type { Database } from "../handle";
import { configuration, ingest, run } from "../schema";
import { type ShareLink, sharesShowing, shownRunColumns } from "./shares-showing";

/** What somebody has to know before an ingest is taken back. */
export interface RetireWarning {
  text: string;
  /** Links that show some of it today, and go on doing so. */
  shares: ShareLink[];
}

/**
 * What taking back an ingest that came with the program means: the explorer may be left empty. `null` for everybody's own
 * ingests (the same reports can be brought again) and where nothing of it is valid any more.
 */
export async function getRetireWarning(db: Database, ingestId: number): Promise<RetireWarning | null> {
  const valid = await db
    .select({ ...shownRunColumns, loadPoints: run.loadPoints })
    // The ingest first: those of people may have brought very many runs.
    .from(ingest)
    .crossJoin(run)
    .crossJoin(configuration)
    .where(
      and(
        eq(ingest.id, ingestId),
        eq(ingest.way, "shipped"),
        eq(run.ingestId, ingest.id),
        isNull(run.retiredInRevision),
        eq(configuration.configurationId, run.configurationId),
      ),
    );
  if (valid.length === 0) return null;
  const loadPoints = valid.reduce((sum, item) => sum + item.loadPoints, 0);
  const shares = await sharesShowing(db, valid);
  const what = `${plural(valid.length, "run")} with ${plural(loadPoints, "load point")}`;
  const text = `Ingest ${ingestId} came with the program. ${what} would not be shown from the next revision on, until a version of the program brings other data. ${linksText(shares.length)}`;
  return { text, shares };
}

function linksText(links: number): string {
  if (links === 0) return "No share link shows any of it.";
  return links === 1
    ? "1 share link goes on showing some of it."
    : `${formatCount(links)} share links go on showing some of it.`;
}
