import {
  type CurveFilter,
  NO_CURVE_FILTER,
  PRECISION_FLOORS,
  type PrecisionFloor,
  SPECULATIVE_CHOICES,
  type SpeculativeChoice,
} from "../selection/curve-filter";
import { GRADES, type Grade } from "../selection/grades";
import { DEFAULT_MAX_FAILED_SHARE, type RequestTargets } from "../selection/request-targets";
import { choiceParam, type Param, type ParamTable, splitLists, switchParam, type WordsTable } from "./param";
import { percentText, shareParam } from "./share-param";

/** What an address says of which requests must be served and which figures are asked. */
export interface FilterValues {
  maxFailedShare: number;
  minGoodputShare: number | null;
  precisionFloor: PrecisionFloor | null;
  servers: string[];
  speculative: SpeculativeChoice;
  newestVersionOnly: boolean;
  sources: string[];
  measuredSince: string | null;
  grades: Grade[];
}

const MAX_NAMES = 20;

const maxFailedShare = shareParam("failed");

/** Texts, repeated or in a list. */
function namesParam(name: string): Param<string[]> {
  return {
    name,
    isRepeated: true,
    read: (texts, refuse) => {
      const names = [...new Set(splitLists(texts))];
      for (const text of names.slice(MAX_NAMES)) refuse(text, `at most ${MAX_NAMES} names`);
      return names.slice(0, MAX_NAMES);
    },
    write: (names) => names,
  };
}

/** A choice that may be left open. */
const precisionFloor: Param<PrecisionFloor | null> = {
  name: "precision",
  isRepeated: false,
  read: ([text = ""], refuse) => {
    if (text === "") return null;
    const known = PRECISION_FLOORS.find((floor) => floor === text.toLowerCase());
    if (known === undefined) refuse(text, `one of ${PRECISION_FLOORS.join(", ")}`);
    return known ?? null;
  },
  write: (floor) => (floor === null ? [] : [floor]),
};

const measuredSince: Param<string | null> = {
  name: "since",
  isRepeated: false,
  read: ([text = ""], refuse) => {
    if (text === "") return null;
    if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
    refuse(text, "a day, YYYY-MM-DD");
    return null;
  },
  write: (day) => (day === null ? [] : [day]),
};

const gradeNames = namesParam("grade");

/** Parameters of the filter, in the order links are written. */
export const FILTER_PARAMS: ParamTable<FilterValues> = {
  maxFailedShare: {
    ...maxFailedShare,
    read: (texts, refuse) => maxFailedShare.read(texts, refuse) ?? DEFAULT_MAX_FAILED_SHARE,
    write: (share) => (share === DEFAULT_MAX_FAILED_SHARE ? [] : [percentText(share)]),
    writeWhole: (share) => [percentText(share)],
  },
  minGoodputShare: shareParam("goodput"),
  precisionFloor,
  servers: namesParam("server"),
  speculative: choiceParam("speculative", SPECULATIVE_CHOICES, NO_CURVE_FILTER.speculative),
  newestVersionOnly: switchParam("newest"),
  // Not `source`: links to manifests say with that what holds the weights, and carry the question beside it.
  sources: namesParam("fromSource"),
  measuredSince,
  grades: {
    ...gradeNames,
    read: (texts, refuse) =>
      gradeNames.read(texts, refuse).flatMap((text) => {
        const known = GRADES.find((grade) => grade.toLowerCase() === text.toLowerCase().replaceAll(/[ -]/g, ""));
        if (known === undefined) refuse(text, `one of ${GRADES.join(", ")}`);
        return known ?? [];
      }),
    write: (grades) => gradeNames.write(grades),
  },
};

/** What there is to say of them. */
export function filterWords(): WordsTable<FilterValues> {
  return {
    maxFailedShare: {
      values: "percent of requests that may fail at a load, 0 to 100 (any); a load nobody counted failures at passes",
      otherwise: percentText(DEFAULT_MAX_FAILED_SHARE),
      commandLine: {
        flag: "--max-failed <percent>",
        help: "percent of requests that may fail, 100 = any; otherwise 1",
      },
    },
    minGoodputShare: {
      values:
        "percent of requests that must be within the limits the benchmark itself was given, 0 to 100; a load nobody counted them at passes",
      otherwise: "not asked",
      commandLine: { flag: "--min-goodput <percent>", help: "percent of requests within the benchmark's own limits" },
    },
    precisionFloor: {
      values: `least precision of the weights: ${PRECISION_FLOORS.map((floor) => `\`${floor}\``).join(", ")}; one that is not known does not pass`,
      otherwise: "any",
      commandLine: {
        flag: "--min-precision <precision>",
        help: `least precision of the weights: ${PRECISION_FLOORS.join(", ")}`,
      },
    },
    servers: {
      values: "only these servers, e.g. `vllm`, `unknown` where nobody named it; repeated or in a list",
      otherwise: "any",
      commandLine: { flag: "--server <name>", help: "only this server, e.g. vllm; may be repeated" },
    },
    speculative: {
      values: "speculative decoding: `any`, `on`, `off`",
      otherwise: "`any`",
      commandLine: { flag: "--speculative <choice>", help: "speculative decoding: any, on or off" },
    },
    newestVersionOnly: {
      values: "`1` = of each server on each accelerator only the newest version measured",
      otherwise: "all versions",
      commandLine: { flag: "--newest-versions", help: "of each server only the newest version measured" },
    },
    sources: {
      values: "only figures of these sources, by name; repeated or in a list",
      otherwise: "all",
      commandLine: { flag: "--source <name>", help: "only figures of this source; may be repeated" },
    },
    measuredSince: {
      values: "measured on this day or later, `YYYY-MM-DD`; what is not dated does not pass",
      otherwise: "whenever",
      commandLine: { flag: "--measured-since <day>", help: "measured on this day or later, YYYY-MM-DD" },
    },
    grades: {
      values: `only answers of these grades: ${GRADES.map((grade) => `\`${grade}\``).join(", ")}; repeated or in a list`,
      otherwise: "any",
      commandLine: {
        flag: "--grade <grade>",
        help: `only answers of this grade: ${GRADES.join(", ")}; may be repeated`,
      },
    },
  };
}

/** The parts of a question that the values say. */
export function filterOfValues(values: FilterValues): { requests: RequestTargets; only: CurveFilter } {
  const { maxFailedShare: failed, minGoodputShare, ...only } = values;
  return {
    requests: { maxFailedShare: failed, minGoodputShare },
    only: {
      precisionFloor: only.precisionFloor,
      servers: only.servers,
      speculative: only.speculative,
      newestVersionOnly: only.newestVersionOnly,
      sources: only.sources,
      measuredSince: only.measuredSince,
      grades: only.grades,
    },
  };
}

/** The inverse of {@link filterOfValues}. */
export function valuesOfFilter({ requests, only }: { requests: RequestTargets; only: CurveFilter }): FilterValues {
  return { ...requests, ...only, servers: [...only.servers], sources: [...only.sources], grades: [...only.grades] };
}
