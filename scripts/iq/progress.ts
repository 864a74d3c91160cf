import { Presets, SingleBar } from "cli-progress";
import { formatCount } from "../../lib/format";
import type { IntakeProgress } from "../../server/intake/read-intake";

/** Time between two plain lines. */
const LINE_EVERY_MS = 2000;

/** Below this a bar would only flicker. */
const SHOW_AFTER_MS = 300;

export interface ProgressDisplay {
  update(progress: IntakeProgress): void;
  stop(): void;
}

/** Progress on stderr: a bar on a terminal, now and then a plain line elsewhere. Quick work shows nothing. */
export function progressDisplay(): ProgressDisplay {
  const started = Date.now();
  return process.stderr.isTTY ? bar(started) : lines(started);
}

function bar(started: number): ProgressDisplay {
  let shown: SingleBar | null = null;
  return {
    update({ filesDone, files, bytesDone, bytes }) {
      if (shown === null) {
        if (Date.now() - started < SHOW_AFTER_MS) return;
        const format = "Reading {bar} {percentage}% | {filesDone} of {files} files | {eta_formatted} left";
        shown = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
        shown.start(bytes ?? files, 0, { filesDone, files });
      }
      shown.update(bytes === null ? filesDone : bytesDone, { filesDone, files });
    },
    stop: () => shown?.stop(),
  };
}

function lines(started: number): ProgressDisplay {
  let next = started + LINE_EVERY_MS;
  return {
    update({ filesDone, files, bytesDone, bytes }) {
      if (Date.now() < next) return;
      next = Date.now() + LINE_EVERY_MS;
      const share = bytes === null || bytes === 0 ? "" : ` (${Math.floor((bytesDone / bytes) * 100)}%)`;
      console.error(`reading: ${formatCount(filesDone)} of ${formatCount(files)} files${share}`);
    },
    stop: () => {},
  };
}
