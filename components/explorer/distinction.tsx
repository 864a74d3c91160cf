import type { Configuration } from "@/lib/domain";

/** What sets a configuration apart from those that read like it; nothing where none does. */
export function Distinction({
  of,
  among,
}: {
  of: Pick<Configuration, "configurationId">;
  among: Readonly<Record<string, string>>;
}) {
  const text = among[of.configurationId];
  if (text === undefined) return null;
  return (
    <div className="text-[12px] [overflow-wrap:anywhere]" data-distinction="">
      {text}
    </div>
  );
}
