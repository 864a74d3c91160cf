/** `npm run bench`: measures, prints one table and writes docs/benchmarks.md. Budgets are reported, not enforced. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDatabase } from "../../db/client";
import { projectRoot } from "../../db/project-root";
import { getCurrentRevision } from "../../db/queries/get-revision";
import { listPrices } from "../../db/queries/list-prices";
import { findChromium, launchChromium } from "./chromium";
import { benchIngest, benchSeeding } from "./database-bench";
import { benchDrag } from "./drag-bench";
import { benchLargeFiles } from "./ingest-bench";
import { benchLoads } from "./load-bench";
import { describeMachine } from "./machine";
import { type MeasuredPage, measuredPages } from "./pages";
import { COMPARISON } from "./peers";
import { buildProduct, type Product, startProduct } from "./product";
import { benchRanking } from "./ranking-bench";
import { markdownReport, plainTable, type Section, scaleSection } from "./report";
import { benchServer } from "./server-bench";

async function benchBrowser(executable: string, product: Product, pages: readonly MeasuredPage[]): Promise<Section[]> {
  const browser = await launchChromium(executable);
  try {
    const sections = await benchLoads(browser, product.origin, pages);
    for (const [index, page] of pages.entries()) {
      sections[index]?.rows.push(...(await benchDrag(browser, product.origin, page)));
    }
    return sections;
  } finally {
    await browser.close();
  }
}

/** See summary-process.ts. */
function summaryReports(folder: string, seeded: string): Section {
  const script = path.join(projectRoot(), "test", "bench", "summary-process.ts");
  const output = execFileSync(process.execPath, ["--import", "tsx", script, folder, seeded], {
    cwd: projectRoot(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output) as Section;
}

async function main(folder: string): Promise<void> {
  const say = (text: string) => console.error(`${text} …`);
  const executable = findChromium();
  say("Building where sources changed");
  await buildProduct();
  const machine = describeMachine(executable, new Date());

  say("Server and browser");
  const { section: seeding, seeded, catalogue } = await benchSeeding(folder);
  const pages = await measuredPages(seeded);
  const product = await startProduct(seeded);
  const sections: Section[] = [];
  try {
    sections.push(await benchServer(product, pages));
    if (executable === null) {
      console.error(
        "No Chromium found (CHROME_PATH, chromium, google-chrome, chromium-browser): install one to measure the page.",
      );
    } else {
      sections.push(...(await benchBrowser(executable, product, pages)));
    }
  } finally {
    await product.stop();
  }

  say("Ingest");
  sections.push(seeding, await benchIngest(folder, seeded, catalogue));
  sections.push(summaryReports(folder, seeded));
  say("Large files");
  sections.push(await benchLargeFiles(folder, seeded, catalogue));
  say("Frontiers and ranking");
  const db = await openDatabase(seeded);
  const prices = await listPrices(db, (await getCurrentRevision(db)).id);
  await db.engine.close();
  sections.push(await benchRanking({ ...catalogue, prices }));

  console.log(`${machine.text}; ${machine.date}`);
  console.log(plainTable(sections));
  const file = path.join(projectRoot(), "docs", "benchmarks.md");
  const scale = existsSync(file) ? scaleSection(readFileSync(file, "utf8")) : "";
  writeFileSync(file, markdownReport(machine, sections, COMPARISON) + scale);
  console.log("\nHow each number was taken: docs/benchmarks.md");
}

const folder = mkdtempSync(path.join(tmpdir(), "iq-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
// An interrupted bench leaves nothing behind either: the exit handlers here and in product.ts run.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
await main(folder);
