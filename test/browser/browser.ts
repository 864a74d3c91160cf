import { type Browser, type BrowserContext, type CDPSession, chromium, type Locator, type Page } from "playwright-core";
import { afterEach, beforeAll, expect, inject } from "vitest";
import { servedProduct } from "./served-product";

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };
export const COLOUR_SCHEMES = ["light", "dark"] as const;

/** A switch said twice counts as said last, so this has what Playwright turns off too. */
const FEATURES_OFF = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
  // Ours: two more pages in each window, for the suggestions of an address bar that nobody sees, a fifth of what opening one costs.
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
];
const FLAGS = [
  `--disable-features=${FEATURES_OFF.join(",")}`,
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
/** A busy machine of two cores; what takes longer is broken. */
const ACTION_TIMEOUT_MS = 12_000;
const POLL_INTERVAL_MS = 50;
/** Kept for the next test; few open more than two. */
const IDLE_WINDOWS = 2;

export interface OpenOptions {
  /** 1440 × 900 unless said. */
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  javaScriptEnabled?: boolean;
  /** Complaints of the browser that this test is about; every other one fails it. */
  expects?: RegExp[];
  /** Granted to the product's own pages. */
  permissions?: ("clipboard-read" | "clipboard-write")[];
  /** Runs in every page before its own scripts. */
  initScript?: () => void;
}

/** A window of the browser with one page, which shares nothing with other windows. */
interface Window {
  context: BrowserContext;
  page: Page;
  devtools: CDPSession;
}

export interface Pages {
  /** A page that shares nothing with others nor with earlier tests, on a path of the product. */
  open: (path: string, options?: OpenOptions) => Promise<Page>;
}

/**
 * Until a page that was loaded does what its scripts are for: what is typed, pressed or read before is the server's page alone.
 * @param part of the page; its choice of theme unless said, which a page that has none (an embedded chart, a file) need not wait for
 */
export async function takenOver(page: Page, part: Locator = page.getByLabel("Theme", { exact: true })): Promise<Page> {
  if ((await part.count()) === 0) return page;
  await soon(() => part.evaluate((element) => Object.keys(element).some((key) => key.startsWith("__reactProps")))).toBe(
    true,
  );
  return page;
}

/** Some things are said of a window when it is opened, and hold for as long as it is there. */
function isForAnyWindow({ javaScriptEnabled = true, initScript }: OpenOptions): boolean {
  return javaScriptEnabled && initScript === undefined;
}

/** Leaves nothing of a test in its window: a new one costs more than twice the time of the next page in an old one. */
async function clean({ context, page, devtools }: Window): Promise<void> {
  for (const other of context.pages()) if (other !== page) await other.close();
  await page.evaluate(() => {
    window.sessionStorage.clear();
    window.localStorage.clear();
    window.name = "";
  });
  await page.goto("about:blank");
  await page.mouse.move(0, 0);
  await context.unrouteAll();
  await page.unrouteAll();
  await context.clearCookies();
  await context.clearPermissions();
  await devtools.send("Storage.clearDataForOrigin", { origin: servedProduct().baseUrl, storageTypes: "all" });
  await devtools.send("Page.resetNavigationHistory");
  page.removeAllListeners();
}

/** The browser of this worker, started for the first file that needs one; it ends with the worker. */
let started: Promise<Browser> | null = null;

function workersBrowser(): Promise<Browser> {
  started ??= chromium.launch({ executablePath: inject("chromePath"), args: FLAGS });
  return started;
}

/** Windows of this worker, cleaned, for the next test. */
const idle: Window[] = [];

/**
 * Pages for the tests of one file. A test fails on whatever the browser complains about: console errors and
 * warnings, exceptions, refused or failed requests, and any request to another server than the product's.
 */
export function browserPages(): Pages {
  let browser: Browser | null = null;
  /** Of the running test: those that the next one can have, and those that are as this test alone wants them. */
  const lent: Window[] = [];
  const onceOnly: Window[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await workersBrowser();
  });

  afterEach(async ({ task }) => {
    // A test that failed may have stopped anywhere, with a button of the mouse held down.
    const isReliable = task.result?.state !== "fail";
    for (const window of onceOnly.splice(0)) await window.context.close();
    for (const window of lent.splice(0)) {
      if (isReliable && idle.length < IDLE_WINDOWS) {
        await clean(window);
        idle.push(window);
      } else {
        await window.context.close();
      }
    }
    expect(complaints.splice(0), "the browser complained").toEqual([]);
  });

  async function openWindow(browser: Browser, options: OpenOptions): Promise<Window> {
    const context = await browser.newContext({
      baseURL: servedProduct().baseUrl,
      viewport: options.viewport ?? WIDE,
      javaScriptEnabled: options.javaScriptEnabled ?? true,
      acceptDownloads: true,
    });
    context.setDefaultTimeout(ACTION_TIMEOUT_MS);
    if (options.initScript !== undefined) await context.addInitScript(options.initScript);
    const page = await context.newPage();
    return { context, page, devtools: await context.newCDPSession(page) };
  }

  function watch(page: Page, expected: RegExp[]): void {
    const complain = (text: string) => {
      if (!expected.some((pattern) => pattern.test(text))) complaints.push(text);
    };
    page.on("console", (message) => {
      if (["error", "warning", "assert"].includes(message.type())) complain(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complain(`exception: ${error.message}`));
    page.on("dialog", (dialog) => {
      complain(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(`${servedProduct().baseUrl}/`)) {
        complain(`a request to another server: ${request.url()}`);
      }
    });
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "";
      // What the browser itself breaks off has not failed: it goes to another page, takes a download, runs no scripts.
      if (reason !== "net::ERR_ABORTED" && reason !== "csp") complain(`${reason}: ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) complain(`status ${response.status()}: ${response.url()}`);
    });
  }

  return {
    async open(path, options = {}) {
      if (browser === null) throw new Error("No browser yet: open pages inside tests.");
      const isForAny = isForAnyWindow(options);
      const window = (isForAny ? idle.pop() : undefined) ?? (await openWindow(browser, options));
      (isForAny ? lent : onceOnly).push(window);
      const { context, page } = window;
      await page.setViewportSize(options.viewport ?? WIDE);
      await page.emulateMedia({ colorScheme: options.colorScheme ?? "light" });
      if (options.permissions !== undefined) await context.grantPermissions(options.permissions);
      watch(page, options.expects ?? []);
      await page.goto(path);
      return options.javaScriptEnabled === false ? page : takenOver(page);
    },
  };
}

/** Asserts on a value that may need a moment. */
export function soon<T>(read: () => T | Promise<T>, message?: string) {
  return expect.poll(read, {
    timeout: ACTION_TIMEOUT_MS,
    interval: POLL_INTERVAL_MS,
    ...(message === undefined ? {} : { message }),
  });
}

/** The text of an element as it is seen: hidden parts left out, line breaks where they show. */
export function seenText(locator: Locator): Promise<string> {
  return locator.innerText();
}
