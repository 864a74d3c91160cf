/**
 * `npm run screenshot [BASE_URL]`: the picture in the README, taken from a running server (default
 * http://localhost:3000). Starts no server; writes docs/images/explorer.png.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { projectRoot } from "../db/project-root";

const DEFAULT_BASE_URL = "http://localhost:3000";
const VIEWPORT_PX = { width: 1440, height: 900 };
/** The chart's live picture takes the place of the server's; past this long something is wrong. */
const SETTLE_TIMEOUT_MS = 20_000;
const BROWSERS = ["chromium", "google-chrome", "chromium-browser"];

/** `CHROME_PATH`, else the first browser on the path. */
function browserPath(): string {
  const named = process.env.CHROME_PATH ?? "";
  if (named !== "") return named;
  for (const name of BROWSERS) {
    const found = spawnSync("which", [name], { encoding: "utf8" });
    if (found.status === 0) return found.stdout.trim();
  }
  throw new Error(`No browser found (${BROWSERS.join(", ")}): install one, or name its program in CHROME_PATH.`);
}

async function main(): Promise<void> {
  const baseUrl = process.argv[2] ?? DEFAULT_BASE_URL;
  const file = path.join(projectRoot(), "docs", "images", "explorer.png");
  mkdirSync(path.dirname(file), { recursive: true });
  const browser = await chromium.launch({
    executablePath: browserPath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT_PX, colorScheme: "light", reducedMotion: "reduce" });
    const response = await page.goto(baseUrl, { waitUntil: "networkidle", timeout: SETTLE_TIMEOUT_MS });
    if (response?.ok() !== true) throw new Error(`${baseUrl} answered ${response?.status() ?? "nothing"}.`);
    await page.locator("main svg").first().waitFor({ timeout: SETTLE_TIMEOUT_MS });
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
  }
  console.log(file);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
