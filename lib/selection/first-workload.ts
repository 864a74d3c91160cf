/** Everything sent at once, or one static batch: no one waits for an answer, and no latency is told. */
const OFFLINE = /(?:^|-)offline(?:-|$)/;

/** True of a workload nobody waits for. */
export function isOffline({ workloadId }: { workloadId: string }): boolean {
  return OFFLINE.test(workloadId);
}

/**
 * The workload a question without one is asked for: of those of a model, most data first, the first that was served to clients;
 * an offline batch only where there is no other. `null` of none.
 */
export function firstWorkload<T extends { workload: { workloadId: string } }>(workloads: readonly T[]): T | null {
  return workloads.find(({ workload }) => !isOffline(workload)) ?? workloads[0] ?? null;
}
