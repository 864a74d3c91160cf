import { isList } from "../../../is-list";
import { isRecord, type JsonRecord, own, positiveIntegerOf, recordAt, textAt } from "../../parse/fields";

/** One kind of model server in the deployment: so many like replicas, each with its own accelerators. */
export interface Engine {
  role: string | null;
  /** `null` where what is written is no number of replicas. */
  replicas: number | null;
  model: string | null;
  accelerator: string | null;
  /** Accelerators of one replica; `null` where the report does not say it for certain. */
  accelerators: number | null;
  parallelism: Record<ParallelismKey, number | null>;
  tool: string | null;
  toolVersion: string | null;
  args: JsonRecord | null;
  environment: JsonRecord | null;
}

export const PARALLELISM_KEYS = ["tp", "pp", "dp", "ep"] as const;
export type ParallelismKey = (typeof PARALLELISM_KEYS)[number];

/** Model servers of a report of v0.1: parallel lists of host types, accelerators and engines, one entry a replica. */
export function hostEngines(scenario: JsonRecord | null): Engine[] {
  const host = recordAt(scenario, "host");
  const types = listAt(host, "type");
  const platform = listAt(recordAt(scenario, "platform"), "engine");
  return listAt(host, "accelerator").flatMap((accelerator, index) => {
    if (!isRecord(accelerator)) return [];
    const engine = platform[index];
    const role = types[index];
    const server = isRecord(engine) ? engine : null;
    return [
      {
        role: typeof role === "string" ? role : null,
        replicas: 1,
        model: null,
        ...acceleratorOf(accelerator),
        tool: textAt(server, "name"),
        toolVersion: textAt(server, "version"),
        args: recordAt(server, "args"),
        environment: recordAt(server, "envars"),
      },
    ];
  });
}

/** Model servers of a report of v0.2: the components of the stack that are inference engines. */
export function stackEngines(scenario: JsonRecord | null): Engine[] {
  return listAt(scenario, "stack").flatMap((component) => {
    if (!isRecord(component)) return [];
    const standardized = recordAt(component, "standardized");
    if (textAt(standardized, "kind") !== "inference_engine") return [];
    const stated = standardized === null ? undefined : own(standardized, "replicas");
    if (stated === 0) return [];
    return [
      {
        role: textAt(standardized, "role"),
        replicas: stated === undefined || stated === null ? 1 : positiveIntegerOf(stated),
        model: textAt(recordAt(standardized, "model"), "name"),
        ...acceleratorOf(recordAt(standardized, "accelerator")),
        tool: textAt(standardized, "tool"),
        toolVersion: textAt(standardized, "tool_version"),
        args: recordAt(recordAt(component, "native"), "args"),
        environment: recordAt(recordAt(component, "native"), "envars"),
      },
    ];
  });
}

/** Writers put -1 where they found nothing: two of them multiplied look like one accelerator. */
function acceleratorOf(accelerator: JsonRecord | null): Pick<Engine, "accelerator" | "accelerators" | "parallelism"> {
  const stated = recordAt(accelerator, "parallelism");
  const sizeOf = (key: string) => (stated === null ? null : positiveIntegerOf(own(stated, key)));
  const moreThanOne = (key: string) => (sizeOf(key) === 1 ? null : sizeOf(key));
  const isUnset = stated !== null && ["tp", "dp"].some((key) => Number(own(stated, key)) < 0);
  const count = accelerator === null || isUnset ? null : positiveIntegerOf(own(accelerator, "count"));
  // Spread over several hosts, the count may be that of one host only.
  const whole = (sizeOf("tp") ?? 1) * (sizeOf("dp") ?? 1);
  const isPartOnly = (sizeOf("workers") ?? 1) > 1 && count !== null && count < whole;
  return {
    accelerator: textAt(accelerator, "model"),
    accelerators: isPartOnly ? null : count,
    // 1 is what the schema fills in where the converter said nothing; only the tensor parallelism is always said.
    parallelism: { tp: sizeOf("tp"), pp: moreThanOne("pp"), dp: moreThanOne("dp"), ep: moreThanOne("ep") },
  };
}

function listAt(record: JsonRecord | null, key: string): unknown[] {
  const value = record === null ? undefined : own(record, key);
  return isList(value) ? value : [];
}
