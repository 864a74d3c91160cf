import { settingText } from "../../measurement/settings";
import { withoutSecrets } from "../../redact/redact";
import { serverLabel } from "../../words";
import type { SettingReading } from "../facts/argument-facts";
import type { GivenFacts } from "../report";

/** Names listed in one sentence; the rest is counted. */
const MAX_NAMES = 40;
const MAX_VALUE_LENGTH = 60;

/** What was made of how a server was started, in whole sentences: each argument stands in one of them. */
export function startedSentences(
  facts: GivenFacts,
  readings: readonly SettingReading[],
  notUnderstood: readonly string[],
): string[] {
  const of = (...meanings: SettingReading["meaning"][]) => readings.filter(({ meaning }) => meanings.includes(meaning));
  const named = (list: readonly SettingReading[]) => cut(list.map(({ name }) => name));
  const valued = (list: readonly SettingReading[]) =>
    cut(
      list.map(({ name, value }) =>
        value === true ? name : `${name} ${shortened(withoutSecrets(settingText(value)))}`,
      ),
    );
  const kept = of("setting", "load");
  return [
    `Started as ${subject(facts)}.`,
    sentence("Facts of the configuration", valued(of("fact"))),
    kept.length === 0 ? "No settings: the server's defaults." : sentence("Kept as settings", valued(kept)),
    sentence("Left out, because they change nothing that is measured", named(of("neutral"))),
    sentence("Left out, because they follow from the lengths of the workload", named(of("lengths"))),
    sentence("Left out as secrets", named(of("secret"))),
    sentence("Not understood", cut(notUnderstood)),
  ].filter((text) => text !== null);
}

function subject({ server, serverVersion, model, checkpoint, precision, parallelism }: GivenFacts): string {
  const sizes = Object.entries(parallelism ?? {}).flatMap(([part, size]) =>
    size === null || size === undefined ? [] : [`${part === "label" ? "parallelism" : `${part} parallelism`} ${size}`],
  );
  const parts = [
    `${serverLabel(server ?? null)}${serverVersion === undefined ? "" : ` ${serverVersion}`}`,
    checkpoint ?? model,
    precision,
    ...sizes,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function sentence(what: string, list: string): string | null {
  return list === "" ? null : `${what}: ${list}.`;
}

function cut(list: readonly string[]): string {
  const unique = [...new Set(list)];
  const more = unique.length - MAX_NAMES;
  return `${unique.slice(0, MAX_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function shortened(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length > MAX_VALUE_LENGTH ? `${flat.slice(0, MAX_VALUE_LENGTH - 1)}…` : flat;
}
