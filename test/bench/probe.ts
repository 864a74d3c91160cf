/** What the probe has seen of the page it runs in. Times in milliseconds since navigation. */
export interface LoadSeen {
  /** The first byte of the HTML has arrived. */
  firstByteMs: number;
  /** All of the HTML is parsed. */
  parsedMs: number;
  /** End of the first frame that shows frontier points. */
  pointsMs: number | null;
  /** React has taken over the page: its buttons work. */
  usableMs: number | null;
  /** End of the first frame of the live chart. */
  liveMs: number | null;
  longTasksMs: number[];
  /** Scripts fetched so far, with their body as sent. */
  scripts: { url: string; bytes: number }[];
}

export interface MetricChangeSeen {
  from: string;
  to: string;
  /** Change of the select → two frames without a change in the chart. */
  settledMs: number;
  /** Change of the select → last change of the chart's DOM. */
  lastMutationMs: number;
}

export interface Probe {
  load(): LoadSeen;
  /** Another latency metric is chosen; `null` = the page offers only one. */
  changeMetric(): Promise<MetricChangeSeen | null>;
  watchDrag(): void;
  /** Resolves once no move of the pointer waits for its frame. */
  dragIdle(): Promise<void>;
  /**
   * Pointer moved → end of the frame, one for each move that changed the chart; how many moves changed nothing; and, from
   * the last of them on, until the last change of the page.
   */
  dragSteps(): { ms: number[]; unchanged: number; settledMs: number };
}

declare global {
  interface Window {
    benchProbe: Probe;
  }
}

/** Runs in the page before any of its own scripts; must not use anything outside itself. */
export function installProbe(): void {
  const QUIET_FRAMES = 2;
  /** A move that has changed nothing after so many frames changes nothing. */
  const MAX_FRAMES_WITHOUT_CHANGE = 4;
  let pointsMs: number | null = null;
  let usableMs: number | null = null;
  let liveMs: number | null = null;
  const longTasksMs: number[] = [];

  /** Calls back after the browser has drawn the next frame: first the frame's callbacks, then, behind its drawing, this task. */
  function afterNextFrame(done: () => void): void {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
  }

  const isVisible = (selector: string) =>
    [...document.querySelectorAll(selector)].some((element) => element.getBoundingClientRect().width > 0);
  const isUsable = () => {
    const button = document.querySelector("[data-pill]");
    return button !== null && Object.keys(button).some((key) => key.startsWith("__reactProps"));
  };

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTasksMs.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });

  function watchLoad(): void {
    // Asked before the frame is drawn, noted after it.
    const points = pointsMs === null && isVisible("[data-chart] [data-point]");
    const live = liveMs === null && isVisible('[data-chart="live"] [data-point]');
    if (usableMs === null && isUsable()) usableMs = performance.now();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      if (points) pointsMs = performance.now();
      if (live) liveMs = performance.now();
    };
    channel.port2.postMessage(null);
    if (liveMs === null) requestAnimationFrame(watchLoad);
  }
  requestAnimationFrame(watchLoad);

  function load(): LoadSeen {
    const scripts = performance
      .getEntriesByType("resource")
      .filter((entry): entry is PerformanceResourceTiming => entry instanceof PerformanceResourceTiming)
      .filter((entry) => new URL(entry.name).pathname.endsWith(".js"))
      .map((entry) => ({ url: entry.name, bytes: entry.encodedBodySize }));
    const [navigation] = performance
      .getEntriesByType("navigation")
      .filter((entry): entry is PerformanceNavigationTiming => entry instanceof PerformanceNavigationTiming);
    return {
      firstByteMs: navigation?.responseStart ?? Number.NaN,
      parsedMs: navigation?.domInteractive ?? Number.NaN,
      pointsMs,
      usableMs,
      liveMs,
      longTasksMs,
      scripts,
    };
  }

  function changeMetric(): Promise<MetricChangeSeen | null> {
    const select = [...document.querySelectorAll("label")]
      .find((label) => label.textContent?.trim().startsWith("Latency"))
      ?.querySelector("select");
    const chart = document.querySelector("[data-chart]");
    const from = select?.value;
    const other = [...(select?.options ?? [])].find((option) => option.value !== from);
    if (!select || !chart || from === undefined || other === undefined) return Promise.resolve(null);
    const titles = () => [...chart.querySelectorAll(".chart-title")].map((title) => title.textContent).join();
    const before = titles();
    return new Promise((resolve) => {
      let lastMutationMs = 0;
      let quietFrames = 0;
      const observer = new MutationObserver(() => {
        lastMutationMs = performance.now();
        quietFrames = 0;
      });
      observer.observe(chart, { subtree: true, childList: true, attributes: true, characterData: true });
      const start = performance.now();
      const frame = () => {
        quietFrames += 1;
        if (quietFrames >= QUIET_FRAMES && titles() !== before && chart.querySelector("[data-point]") !== null) {
          observer.disconnect();
          const settledMs = performance.now() - start;
          resolve({ from, to: other.value, settledMs, lastMutationMs: lastMutationMs - start });
        } else {
          afterNextFrame(frame);
        }
      };
      select.value = other.value;
      select.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
      afterNextFrame(frame);
    });
  }

  const stepsMs: number[] = [];
  let unchanged = 0;
  let waiting = false;
  let lastMoveMs = 0;
  let lastChangeMs = 0;
  let whenIdle: () => void = () => undefined;

  function watchDrag(): void {
    const chart = document.querySelector("[data-chart]");
    if (chart === null) return;
    let changed = false;
    new MutationObserver(() => {
      lastChangeMs = performance.now();
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    new MutationObserver(() => {
      changed = true;
    }).observe(chart, { subtree: true, childList: true, attributes: true, characterData: true });
    window.addEventListener(
      "pointermove",
      () => {
        const start = performance.now();
        let frames = 0;
        changed = false;
        waiting = true;
        lastMoveMs = start;
        const frame = () => {
          frames += 1;
          if (changed) stepsMs.push(performance.now() - start);
          else if (frames < MAX_FRAMES_WITHOUT_CHANGE) {
            afterNextFrame(frame);
            return;
          } else unchanged += 1;
          waiting = false;
          whenIdle();
        };
        afterNextFrame(frame);
      },
      { capture: true },
    );
  }

  window.benchProbe = {
    load,
    changeMetric,
    watchDrag,
    dragIdle: () =>
      new Promise((resolve) => {
        if (waiting) whenIdle = resolve;
        else resolve();
      }),
    dragSteps: () => ({ ms: stepsMs, unchanged, settledMs: Math.max(0, lastChangeMs - lastMoveMs) }),
  };
}
