import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { acceleratorColorsCss } from "@/components/frontier-chart/colors";
import { PaletteKeys } from "@/components/palette/palette-keys";
import { SiteHeader } from "@/components/site-header";
import { THEME_SCRIPT } from "@/components/theme";
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
    // The theme is set before React takes the page over.
    <html lang="en" className={GeistSans.variable} suppressHydrationWarning>
      <body>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, before anything is drawn */}
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
        <a href="#content" className="skip-link">
          Skip to the content
        </a>
        <style>{acceleratorColorsCss(await listAccelerators(db, revision.id))}</style>
        <SiteHeader revision={revision.id} loadPoints={await countLoadPoints(db, revision.id)} />
        <div id="content" tabIndex={-1}>
          {children}
        </div>
        <PaletteKeys />
      </body>
    </html>
  );
}
