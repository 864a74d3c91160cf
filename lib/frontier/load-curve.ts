import type { Configuration, LoadPoint, Source, Workload } from "../domain";

/** The load points of one configuration under one workload, ordered by load, from one run or runs that complete one another. */
export interface LoadCurve {
  /** `runId` of the newest run in it. */
  curveId: string;
  configuration: Configuration;
  workload: Workload;
  source: Source;
  runIds: string[];
  /** Newest date in it. */
  measuredOn: string | null;
  /** Ascending by load value; `max` and aggregate points last. */
  points: LoadPoint[];
  /** Of all accelerators of the deployment, W; not there where it is not known (`withTdp`). */
  tdpWatts?: number;
  /** Why none of them takes part unless asked for, as a sentence; only where that is so (`withKeptOffReasons`). */
  keptOff?: string;
}
