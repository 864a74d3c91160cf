import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { acceleratorColorsCss } from "@/components/frontier-chart/colors";
import { SiteHeader } from "@/components/site-header";
import { readingDatabase } from "@/db/client";
import { countLoadPoints } from "@/db/queries/count-load-points";
import { getCurrentRevision } from "@/db/queries/get-revision";
import { listAccelerators } from "@/db/queries/list-accelerators";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Inference Quickstart", template: "%s · Inference Quickstart" },
  description:
    "Which accelerator, how many, with which server settings, for a latency target, at what cost: measured, with the manifest to apply.",
};

// Every page shows the newest revision: none may be written at build time, from whatever database is there then.
export const dynamic = "force-dynamic";

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const db = await readingDatabase();
  const revision = await getCurrentRevision(db);
  return (
    <html lang="en" className={GeistSans.variable}>
      <body>
        <style>{acceleratorColorsCss(await listAccelerators(db, revision.id))}</style>
        <SiteHeader revision={revision.id} loadPoints={await countLoadPoints(db, revision.id)} />
        {children}
      </body>
    </html>
  );
}
