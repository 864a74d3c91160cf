import { accessSync, constants } from "node:fs";
import path from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { installProbe } from "./probe";

const NAMES = ["chromium", "google-chrome", "chromium-browser"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
const VIEWPORT = { width: 1440, height: 900 };

/** The browser's executable: `CHROME_PATH`, else the first of the usual names on the PATH; `null` = there is none. */
export function findChromium(): string | null {
  const named = process.env.CHROME_PATH;
  const candidates = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const files = NAMES.flatMap((name) => candidates.map((folder) => path.join(folder, name)));
  for (const file of named === undefined || named === "" ? files : [named, ...files]) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next one.
    }
  }
  return null;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A fresh profile (nothing cached) whose pages carry the probe. */
export async function freshContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  // The loader that runs this file names functions with a helper that does not exist in the page.
  await context.addInitScript("globalThis.__name = (named) => named;");
  await context.addInitScript(installProbe);
  return context;
}
