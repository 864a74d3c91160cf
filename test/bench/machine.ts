import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";

export interface Machine {
  /** ISO date of the run. */
  date: string;
  text: string;
}

const BYTES_PER_GIB = 1024 ** 3;

function operatingSystem(): string {
  try {
    const named = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(readFileSync("/etc/os-release", "utf8"));
    if (named?.[1] !== undefined) return `${named[1]}, ${os.type()} ${os.release()}`;
  } catch {
    // Not a Linux that says its name.
  }
  return `${os.type()} ${os.release()}`;
}

function chromiumVersion(executable: string): string {
  const said = execFileSync(executable, ["--version", "--no-sandbox"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return said.trim();
}

/** The machine as far as it bears on the figures, and how busy it was when the measurement began. */
export function describeMachine(chromium: string | null, now: Date): Machine {
  const cpus = os.cpus();
  const [load = 0] = os.loadavg();
  const parts = [
    cpus[0]?.model.trim() ?? "unknown processor",
    `${cpus.length} cores`,
    `${Math.round(os.totalmem() / BYTES_PER_GIB)} GiB memory`,
    operatingSystem(),
    `Node ${process.versions.node}`,
    chromium === null ? "no Chromium" : `${chromiumVersion(chromium)}, headless`,
    `load average when it began ${load.toFixed(2)}`,
  ];
  return { date: now.toISOString().slice(0, 10), text: parts.join("; ") };
}
