import type { Metadata } from "next";
import { headers } from "next/headers";
import { UploadView } from "@/components/upload/upload-view";
import { readingDatabase } from "@/db/client";
import { getCurrentRevision } from "@/db/queries/get-revision";
import { serverAccess } from "@/lib/api/server-access";
import { ADAPTERS } from "@/lib/ingest/formats/detect-format";
import { factSuggestions } from "@/server/lists";
import { publicUrl } from "@/server/public-url";

export const metadata: Metadata = { title: "Add reports" };

export default async function UploadPage() {
  const db = await readingDatabase();
  const revision = await getCurrentRevision(db);
  const access = serverAccess(process.env);
  const host = (await headers()).get("host") ?? "localhost:3000";
  return (
    <UploadView
      // The token itself stays on the server.
      access={access.kind === "readOnly" ? access : { kind: access.kind }}
      suggestions={await factSuggestions(db, revision.id)}
      formats={ADAPTERS.map((adapter) => adapter.label)}
      address={publicUrl() || `http://${host}`}
    />
  );
}
