import type { Browser, CDPSession, Page } from "playwright-core";
import { freshContext } from "./chromium";
import { openLive } from "./load-bench";
import { type MeasuredPage, pageText } from "./pages";
import { FRAME_MS } from "./peers";
import { atMost, ms, percent, type Row } from "./report";
import { median, quantile } from "./statistics";

const STEPS = 60;
/** After the last move, before the page counts as settled. */
const QUIET_MS = 700;
/** Kept from the chart's edges, px. */
const MARGIN_PX = 60;
/** Right of the chart's left edge, where no point of the frontier stands in the way, px. */
const GRAB_AT_PX = 80;

const WORK = ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"] as const;
type Work = Record<(typeof WORK)[number], number>;

/** Seconds of processor time the page's main thread has used so far, by kind. */
async function workSoFar(session: CDPSession): Promise<Work> {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    TaskDuration: of("TaskDuration"),
    ScriptDuration: of("ScriptDuration"),
    LayoutDuration: of("LayoutDuration"),
    RecalcStyleDuration: of("RecalcStyleDuration"),
  };
}

interface Drag {
  stepsMs: number[];
  unchanged: number;
  /** Last move → last change anywhere on the page. */
  settledMs: number;
  /** Per step, ms. */
  work: Work;
}

async function dragLimit(page: Page): Promise<Drag | null> {
  const chart = await page.locator("[data-chart]").boundingBox();
  const handle = page.locator("[data-limit-handle] .chart-limit-grip");
  const line = (await handle.count()) === 0 ? null : await handle.boundingBox();
  if (chart === null || line === null) return null;
  const x = chart.x + GRAB_AT_PX;
  const from = line.y + line.height / 2;
  const [top, bottom] = [chart.y + MARGIN_PX, chart.y + chart.height - MARGIN_PX];
  const to = from - top > bottom - from ? top : bottom;
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.mouse.move(x, from);
  await page.mouse.down();
  await page.evaluate(() => window.benchProbe.watchDrag());
  const before = await workSoFar(session);
  for (let step = 1; step <= STEPS; step += 1) {
    await page.mouse.move(x, from + ((to - from) * step) / STEPS);
    await page.evaluate(() => window.benchProbe.dragIdle());
  }
  const after = await workSoFar(session);
  await page.waitForTimeout(QUIET_MS);
  const steps = await page.evaluate(() => window.benchProbe.dragSteps());
  await page.mouse.up();
  const perStep = (kind: keyof Work) => ((after[kind] - before[kind]) * 1000) / STEPS;
  return {
    stepsMs: steps.ms,
    unchanged: steps.unchanged,
    settledMs: steps.settledMs,
    work: {
      TaskDuration: perStep("TaskDuration"),
      ScriptDuration: perStep("ScriptDuration"),
      LayoutDuration: perStep("LayoutDuration"),
      RecalcStyleDuration: perStep("RecalcStyleDuration"),
    },
  };
}

/** Dragging the limit across the chart in 60 steps. */
export async function benchDrag(browser: Browser, origin: string, measured: MeasuredPage): Promise<Row[]> {
  const context = await freshContext(browser);
  try {
    const page = await context.newPage();
    await openLive(page, origin + measured.path);
    const drag = await dragLimit(page);
    if (drag === null) return [];
    const p95 = quantile(drag.stepsMs, 0.95);
    const over = drag.stepsMs.filter((step) => step > FRAME_MS).length / drag.stepsMs.length;
    const { work } = drag;
    return [
      {
        what: "drag of the limit, a step",
        value: ms(median(drag.stepsMs)),
        compared: `p95 ${ms(p95)}, ${percent(over)} over 16.7 ms`,
        budget: atMost(p95, FRAME_MS, "p95 ≤ 16.7 ms"),
        how: `${pageText(measured)}: the mouse drags the limit across the chart in ${STEPS} moves, each after the one before is done; pointer event → the frame's drawing and React's work for this move done (a task behind the next animation frame in which the chart has changed). ${drag.stepsMs.length} moves changed the chart, ${drag.unchanged} did not and are left out. One drag.`,
      },
      {
        what: "drag of the limit, answer and tables settled",
        value: ms(drag.settledMs),
        how: "last move of the same drag → last change anywhere on the page, the mouse still held.",
      },
      {
        what: "drag of the limit, processor time a step",
        value: ms(work.TaskDuration),
        compared: `script ${ms(work.ScriptDuration)}, style ${ms(work.RecalcStyleDuration)}, layout ${ms(work.LayoutDuration)}`,
        how: "what all tasks of the page's main thread used during the same drag, as the browser counts it, divided by the moves; waiting for a processor is not in it, the measurement's own part is.",
      },
    ];
  } finally {
    await context.close();
  }
}
