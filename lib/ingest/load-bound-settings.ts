import { groupBy } from "../group-by";
import { configurationKey } from "../measurement/identity";
import { argumentMeaning } from "../measurement/server-arguments/argument-table";
import { argumentTable } from "../measurement/server-arguments/tables";
import type { SettingValues } from "../measurement/settings";
import type { ReadRun } from "./report";

/** What stands in place of a value that follows the load, so that a sweep stays one configuration. */
const FOLLOWS_LOAD = "{concurrency}";

interface Item {
  run: ReadRun;
  variant: string;
}

/**
 * Reports of a sweep whose server was started anew for each load with a limit of just that load (`max-num-seqs 64` at 64 in
 * flight): the limit follows the load, and they are one configuration. Only where it does so at two loads or more and at none
 * does not; a limit that happens to equal one of the loads stays what it is.
 */
export function withLoadBoundSettings(items: readonly Item[]): Item[] {
  const changed = new Map<ReadRun, ReadRun>();
  const groups = groupBy(
    items.filter(({ run }) => boundNames(run).length > 0),
    ({ run }) => keyWithout(run, boundNames(run)),
  );
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const names = new Set(group.flatMap(({ run }) => boundNames(run)));
    const following = [...names].filter((name) => follows(group, name));
    if (following.length === 0) continue;
    for (const { run } of group) {
      const { configuration } = run;
      const values: Record<string, SettingValues[string]> = { ...configuration.settings.serverArguments };
      for (const name of following) values[name] = FOLLOWS_LOAD;
      const settings = { ...configuration.settings, serverArguments: values };
      changed.set(run, { ...run, configuration: { ...configuration, settings } });
    }
  }
  return items.map(({ run, variant }) => ({ run: changed.get(run) ?? run, variant }));
}

/** Names of arguments here that may follow the load and are a number. */
function boundNames({ configuration }: ReadRun): string[] {
  const table = argumentTable(configuration.server);
  return Object.entries(configuration.settings.serverArguments ?? {})
    .filter(([name, value]) => typeof value === "number" && argumentMeaning(table, name) === "load")
    .map(([name]) => name);
}

function keyWithout({ configuration }: ReadRun, names: readonly string[]): string {
  const rest = Object.entries(configuration.settings.serverArguments ?? {}).filter(([name]) => !names.includes(name));
  const settings = { ...configuration.settings, serverArguments: Object.fromEntries(rest) };
  return `${configurationKey({ ...configuration, settings })} ${[...names].sort().join(" ")}`;
}

function follows(group: readonly Item[], name: string): boolean {
  const values = new Set<unknown>();
  for (const { run } of group) {
    const value = run.configuration.settings.serverArguments?.[name];
    const isLoad = run.points.every(({ loadKind, loadValue }) => loadKind === "concurrency" && loadValue === value);
    if (!isLoad) return false;
    values.add(value);
  }
  return values.size > 1;
}
