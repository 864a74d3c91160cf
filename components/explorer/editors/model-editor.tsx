import { Command } from "cmdk";
import { formatCount, plural } from "@/lib/format";
import type { EditorProps } from "./editor-props";

/** Every model of the catalogue, searchable by name, id and family; those without data say so. */
export function ModelEditor({ data, query, onChange, onClose }: EditorProps) {
  return (
    <Command label="Model" className="text-[14px]">
      <Command.Input
        autoFocus
        placeholder={`Search ${formatCount(data.models.length)} models`}
        className="field w-full"
      />
      <Command.List className="mt-2 max-h-[46vh] overflow-auto">
        <Command.Empty className="px-2 py-3 text-muted">No such model in the catalogue.</Command.Empty>
        {data.models.map((model) => (
          <Command.Item
            key={model.id}
            value={`${model.displayName} ${model.id} ${model.family ?? ""}`}
            onSelect={() => {
              onClose();
              if (model.id !== query.model) {
                onChange({ ...query, model: model.id, workload: null, axes: { ...query.axes, latency: null } });
              }
            }}
            className="cursor-pointer rounded-md px-2 py-1.5 data-[selected=true]:bg-soft"
          >
            <div className="flex items-baseline justify-between gap-3">
              <span className={model.id === data.model?.id ? "font-semibold" : ""}>{model.displayName}</span>
              <span className="shrink-0 text-[12px] text-muted">
                {model.loadPoints === 0 ? "no data yet" : plural(model.loadPoints, "point")}
              </span>
            </div>
            <div className="truncate text-[12px] text-muted">
              {model.id}
              {model.loadPoints === 0 ? "" : ` · ${plural(model.accelerators.length, "accelerator")}`}
            </div>
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
