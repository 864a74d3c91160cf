import type { TaskName } from "./tasks";

/** Tasks of one lane wait for each other, never for those of another. */
export interface Lane {
  /** Tasks that run at once. */
  running: number;
  /** Tasks that wait beside them; more are refused. */
  waiting: number;
}

export const LANES = {
  uploads: { running: 2, waiting: 64 },
  questions: { running: 1, waiting: 32 },
  lists: { running: 1, waiting: 64 },
  writes: { running: 1, waiting: 64 },
} as const satisfies Record<string, Lane>;

export type LaneName = keyof typeof LANES;

/** Which lane a task waits in. */
export const LANE_OF: Readonly<Record<TaskName, LaneName>> = {
  ingestUpload: "uploads",
  writeExport: "questions",
  methodCheck: "questions",
  modelList: "lists",
  runsPage: "lists",
  runSummaries: "lists",
  factSuggestions: "lists",
  retire: "writes",
  createShare: "writes",
};

/** Whether a task writes nothing. */
export function isReading(name: TaskName): boolean {
  const lane = LANE_OF[name];
  return lane === "questions" || lane === "lists";
}

/** Worker threads there are at most: every lane at its fullest. */
export const MAX_WORKERS = Object.values(LANES).reduce((sum, lane) => sum + lane.running, 0);
