import type { Configuration } from "@/lib/domain";
import {
  flatSettings,
  SETTING_GROUPS,
  type SettingGroup,
  type SettingValues,
  settingText,
} from "@/lib/measurement/settings";

const GROUP_LABELS: Readonly<Record<SettingGroup, string>> = {
  serverArguments: "Server arguments",
  environment: "Environment",
  engineOptions: "Engine options",
};

/** What the server was started with; what is not known is said, and how it becomes known. */
export function StartedSettings({ configuration }: { configuration: Configuration }) {
  const { settings, server } = configuration;
  const isUnknown = settings.image === null && SETTING_GROUPS.every((group) => settings[group] === null);
  if (isUnknown) {
    return (
      <p className="text-muted" data-settings="unknown">
        Not recorded. The command, script or manifest that started the server, brought with the reports (“How the server
        was started”, <code>--started-with</code>), makes it known.
      </p>
    );
  }
  return (
    <dl className="grid grid-cols-[minmax(120px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-[13px]" data-settings="known">
      <Fact label="Image" value={settings.image ?? "not recorded"} />
      {SETTING_GROUPS.map((group) =>
        // Few servers have a file of options of their own.
        group === "engineOptions" && settings[group] === null && server?.includes("trtllm") !== true ? null : (
          <Group key={group} label={GROUP_LABELS[group]} values={settings[group]} />
        ),
      )}
    </dl>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="[overflow-wrap:anywhere]">{value}</dd>
    </>
  );
}

function Group({ label, values }: { label: string; values: SettingValues | null }) {
  if (values === null) return <Fact label={label} value="not recorded" />;
  const flat = flatSettings(values);
  if (flat.length === 0) return <Fact label={label} value="none: the defaults" />;
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd>
        <ul className="font-mono [overflow-wrap:anywhere]">
          {flat.map(([name, value]) => (
            <li key={name}>
              {name} {value === true ? "" : settingText(value)}
            </li>
          ))}
        </ul>
      </dd>
    </>
  );
}
