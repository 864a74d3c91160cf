import type { Browser, Page } from "playwright-core";
import { freshContext } from "./chromium";
import { type MeasuredPage, pageText } from "./pages";
import {
  JAVASCRIPT_LIMIT_BYTES,
  JAVASCRIPT_TO_USE_LIMIT_BYTES,
  METRIC_CHANGE_LIMIT_MS,
  PEERS,
  POINTS_DRAWN_LIMIT_MS,
  peersText,
} from "./peers";
import type { LoadSeen, MetricChangeSeen } from "./probe";
import { atMost, figures, kilobytes, ms, type Row, type Section } from "./report";
import { median } from "./statistics";

const COLD_LOADS = 5;
const LIVE_TIMEOUT_MS = 30_000;
/** After the live chart: anything that still comes (late scripts, long tasks) belongs to the load. */
const QUIET_MS = 700;
/** A task blocks for what it takes beyond this. */
const LONG_TASK_MS = 50;

interface Load extends LoadSeen {
  /** Scripts the HTML names, without those for browsers without modules. */
  scriptsInHtmlBytes: number;
  change: MetricChangeSeen | null;
}

/** Opens the page and waits until its chart is live and nothing more comes. */
export async function openLive(page: Page, url: string): Promise<string> {
  const response = await page.goto(url, { waitUntil: "commit" });
  const html = (await response?.text()) ?? "";
  await page.waitForSelector('[data-chart="live"] [data-point]', { state: "attached", timeout: LIVE_TIMEOUT_MS });
  await page.waitForTimeout(QUIET_MS);
  return html;
}

async function coldLoad(browser: Browser, url: string): Promise<Load> {
  const context = await freshContext(browser);
  try {
    const page = await context.newPage();
    const html = await openLive(page, url);
    const seen = await page.evaluate(() => window.benchProbe.load());
    const inHtml = new Set(
      [...html.matchAll(/<script\b([^>]*)>/g)]
        .map(([, attributes = ""]) => attributes)
        .filter((attributes) => !/\bnomodule\b/i.test(attributes))
        .flatMap((attributes) => /\bsrc="([^"]+)"/.exec(attributes)?.[1] ?? [])
        .map((source) => new URL(source, url).href),
    );
    const scriptsInHtmlBytes = seen.scripts
      .filter((script) => inHtml.has(script.url))
      .reduce((sum, script) => sum + script.bytes, 0);
    const change = await page.evaluate(() => window.benchProbe.changeMetric());
    return { ...seen, scriptsInHtmlBytes, change };
  } finally {
    await context.close();
  }
}

/** Loading each page with nothing cached, and the first thing done there: another latency metric. */
export async function benchLoads(browser: Browser, origin: string, pages: readonly MeasuredPage[]): Promise<Section[]> {
  const sections: Section[] = [];
  // The browser's own first load is not the product's.
  await coldLoad(browser, origin);
  for (const page of pages) {
    const loads: Load[] = [];
    for (let index = 0; index < COLD_LOADS; index += 1) loads.push(await coldLoad(browser, origin + page.path));
    sections.push({ title: `In the browser: ${page.name}`, rows: loadRows(page, loads) });
  }
  return sections;
}

function loadRows(page: MeasuredPage, loads: readonly Load[]): Row[] {
  const of = (value: (load: Load) => number | null) => median(loads.map((load) => value(load) ?? Number.NaN));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const setting = `${pageText(page)}, fresh profile, nothing cached, 1440×900; median of ${COLD_LOADS}`;
  const pointsMs = of((load) => load.pointsMs);
  const wholeBytes = of((load) => sum(load.scripts.map((script) => script.bytes)));
  const toUseBytes = of((load) => load.scriptsInHtmlBytes);
  const [first] = loads;
  const rows: Row[] = [
    {
      what: "navigation → points drawn",
      value: ms(pointsMs),
      compared: peersText(PEERS.pointsDrawnMs, "ms"),
      budget: atMost(pointsMs, POINTS_DRAWN_LIMIT_MS, `≤ ${figures(POINTS_DRAWN_LIMIT_MS)} ms`),
      how: `navigation starts → end of the first frame with frontier points (the server's picture); ${setting}. The first byte arrived after ${ms(of((load) => load.firstByteMs))}, the HTML was parsed after ${ms(of((load) => load.parsedMs))}.`,
    },
    {
      what: "navigation → page usable",
      value: ms(of((load) => load.usableMs)),
      how: "navigation starts → the first frame after React has taken over the page's buttons.",
    },
    {
      what: "navigation → live chart",
      value: ms(of((load) => load.liveMs)),
      how: "navigation starts → end of the first frame of the interactive chart.",
    },
    {
      what: "JavaScript, whole load",
      value: kilobytes(wholeBytes),
      compared: peersText(PEERS.javascriptKilobytes, "kB"),
      budget: atMost(wholeBytes, JAVASCRIPT_LIMIT_BYTES, `≤ ${kilobytes(JAVASCRIPT_LIMIT_BYTES)}`),
      how: `bodies as sent of all ${first?.scripts.length ?? 0} scripts fetched until the live chart stood and 0.7 s beyond; polyfills for browsers without modules are not fetched.`,
    },
    {
      what: "JavaScript before the page can be used",
      value: kilobytes(toUseBytes),
      budget: atMost(toUseBytes, JAVASCRIPT_TO_USE_LIMIT_BYTES, `≤ ${kilobytes(JAVASCRIPT_TO_USE_LIMIT_BYTES)}`),
      how: "of these, the scripts the HTML names; the live chart comes after.",
    },
    {
      what: "longest task",
      value: ms(of((load) => Math.max(0, ...load.longTasksMs))),
      compared: "peers 303 and 208 ms",
      how: "longest task of the page's main thread during the load; 0 = none above 50 ms.",
    },
    {
      what: "total blocking time",
      value: ms(of((load) => sum(load.longTasksMs.map((task) => Math.max(0, task - LONG_TASK_MS))))),
      compared: "peers 331 and 184 ms",
      how: "what tasks take beyond 50 ms each, summed over the load.",
    },
  ];
  const changes = loads.flatMap((load) => load.change ?? []);
  const [change] = changes;
  if (change !== undefined) {
    const settledMs = median(changes.map((item) => item.settledMs));
    rows.push({
      what: "metric change → settled",
      value: ms(settledMs),
      compared: peersText(PEERS.metricChangeMs, "ms"),
      budget: atMost(settledMs, METRIC_CHANGE_LIMIT_MS, `≤ ${figures(METRIC_CHANGE_LIMIT_MS)} ms`),
      how: `the select “Latency” changes from ${change.from} to ${change.to}, the first thing done on a fresh page → new axis title and marks stand and two frames have passed without a change in the chart; nothing is subtracted, the two frames (33 ms) included. The last change of the chart came after ${ms(median(changes.map((item) => item.lastMutationMs)))}. Median of ${changes.length}.`,
    });
  }
  return rows;
}
