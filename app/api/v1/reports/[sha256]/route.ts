import { readingDatabase } from "@/db/client";
import { getReport } from "@/db/queries/get-report";
import { redactedHeader } from "@/lib/redact/redacted-header";

/** The bytes a figure was read from, as stored: secrets blanked, which the header says. Never rendered as a page. */
export async function GET(_request: Request, { params }: { params: Promise<{ sha256: string }> }): Promise<Response> {
  const { sha256 } = await params;
  const report = /^[0-9a-f]{64}$/.test(sha256) ? await getReport(await readingDatabase(), sha256) : null;
  if (report === null) return Response.json({ error: "No such report." }, { status: 404 });
  const fileName = (report.fileName.split("/").at(-1) ?? "report").replaceAll(/[^\w.-]/g, "_");
  const parts = report.parts()[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await parts.next();
      if (next.done === true) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="${fileName}"`,
      "x-content-type-options": "nosniff",
      "x-redacted": redactedHeader(report.redacted),
    },
  });
}
