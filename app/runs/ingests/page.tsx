import type { Metadata } from "next";
import { AuditView } from "@/components/runs/audit-view";
import { readingDatabase } from "@/db/client";
import { listAudit } from "@/db/queries/list-audit";
import { serverAccess } from "@/lib/api/server-access";
import { problemText, type RawParams } from "@/lib/params/param";
import { parseRunQuery } from "@/lib/params/run-params";
import { formRefusal } from "@/lib/runs/form-refusal";

export const metadata: Metadata = { title: "Ingests" };

/** The audit. */
export default async function IngestsPage({ searchParams }: { searchParams: Promise<RawParams> }) {
  const { query, problems } = parseRunQuery(await searchParams);
  return (
    <AuditView
      page={await listAudit(await readingDatabase(), { page: query.page, ingestId: query.filter.ingestId })}
      problems={problems.map(problemText)}
      formRefusal={formRefusal(serverAccess(process.env))}
    />
  );
}
