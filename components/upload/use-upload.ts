import { useCallback, useEffect, useRef, useState } from "react";
import type { IngestJson } from "@/lib/api/ingest-json";
import { columnAnswersPath } from "@/lib/ingest/columns/asked-tables";
import { ANSWERS_FILE, CATALOGUE_ANSWERS_FILE } from "@/lib/ingest/parse/paths";
import { type Answers, ownAccelerators } from "./answers";
import type { ChosenFile } from "./chosen-files";
import type { UsedMapping } from "./column-mapping";
import { type Sending, type SendState, sendFiles } from "./send-files";

/** The step an upload is at. The preview stays on screen while it is checked again. */
export type UploadPhase =
  | { kind: "empty" }
  | { kind: "busy"; dryRun: boolean; state: SendState }
  | { kind: "preview" }
  | { kind: "stored"; result: IngestJson };

export interface Upload {
  phase: UploadPhase;
  files: readonly ChosenFile[];
  /** What the last check found; `null` before the first. */
  preview: IngestJson | null;
  /** The answers in the form. */
  answers: Answers;
  /** The column mappings the user settled on. */
  mappings: readonly UsedMapping[];
  /** The answers changed since the preview was made. */
  isStale: boolean;
  /** What went wrong or was cancelled, as a sentence; `""` = nothing. */
  message: string;
  /** The server wants its token. */
  tokenRefused: boolean;
  choose: (files: readonly ChosenFile[]) => void;
  setAnswers: (answers: Answers) => void;
  /** Adds a mapping and checks the files again with it. */
  mapColumns: (mapping: UsedMapping) => void;
  check: () => void;
  store: () => void;
  cancel: () => void;
  reset: () => void;
}

/** The steps of an upload: choose, check, answer, check again, store. */
export function useUpload(token: string): Upload {
  const [phase, setPhase] = useState<UploadPhase>({ kind: "empty" });
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [preview, setPreview] = useState<IngestJson | null>(null);
  const [answers, setAnswersState] = useState<Answers>({});
  const [mappings, setMappings] = useState<readonly UsedMapping[]>([]);
  const [isStale, setStale] = useState(false);
  const [message, setMessage] = useState("");
  const [tokenRefused, setTokenRefused] = useState(false);
  const sending = useRef<Sending | null>(null);
  useEffect(() => () => sending.current?.cancel(), []);

  const send = useCallback(
    async (
      chosen: readonly ChosenFile[],
      given: Answers,
      used: readonly UsedMapping[],
      dryRun: boolean,
      before: IngestJson | null,
    ) => {
      sending.current?.cancel();
      setMessage("");
      setTokenRefused(false);
      const back: UploadPhase = before === null ? { kind: "empty" } : { kind: "preview" };
      const onState = (state: SendState) => setPhase({ kind: "busy", dryRun, state });
      onState({ kind: "sending", sentBytes: 0, bytes: 0 });
      const current = sendFiles([...chosen, ...mappingFiles(used, chosen), ...(await answerFiles(given))], {
        dryRun,
        token,
        onState,
      });
      sending.current = current;
      const outcome = await current.outcome;
      // Another upload has begun meanwhile: this one no longer counts.
      if (sending.current !== current) return;
      sending.current = null;
      if (outcome.kind === "result") {
        setPreview(outcome.result);
        setStale(false);
        setPhase(dryRun ? { kind: "preview" } : { kind: "stored", result: outcome.result });
        return;
      }
      setPhase(back);
      if (outcome.kind === "failed") {
        setMessage(
          outcome.status === 401 ? "The server wants its token: type it above, then try again." : outcome.message,
        );
        setTokenRefused(outcome.status === 401);
      } else if (dryRun) {
        setMessage("Cancelled. Nothing was stored.");
      } else {
        setMessage("Cancelled. Check again: it shows whether storing had ended before.");
        setStale(true);
      }
    },
    [token],
  );

  return {
    phase,
    files,
    preview,
    answers,
    mappings,
    isStale,
    message,
    tokenRefused,
    choose(chosen) {
      if (chosen.length === 0) {
        setMessage("There is no file in what you chose.");
        return;
      }
      setFiles(chosen);
      setPreview(null);
      setAnswersState({});
      setMappings([]);
      void send(chosen, {}, [], true, null);
    },
    setAnswers(next) {
      setAnswersState(next);
      setStale(true);
    },
    mapColumns(mapping) {
      const next = [...mappings.filter(({ table }) => table.key !== mapping.table.key), mapping];
      setMappings(next);
      void send(files, answers, next, true, preview);
    },
    check: () => void send(files, answers, mappings, true, preview),
    store: () => void send(files, answers, mappings, false, preview),
    cancel: () => sending.current?.cancel(),
    reset() {
      setFiles([]);
      setPreview(null);
      setAnswersState({});
      setMappings([]);
      setMessage("");
      setPhase({ kind: "empty" });
    },
  };
}

/** The mappings as side files in a folder above the tables they are about. */
function mappingFiles(mappings: readonly UsedMapping[], chosen: readonly ChosenFile[]): ChosenFile[] {
  const taken = new Set(chosen.map(({ path }) => path));
  return mappings.map(({ table, yaml }) => {
    const path = columnAnswersPath(table, taken);
    taken.add(path);
    return { path, file: new File([yaml], path.slice(path.lastIndexOf("/") + 1), { type: "application/yaml" }) };
  });
}

/** The answers as side files beside the reports they are about. The YAML writer is downloaded when first wanted. */
async function answerFiles(answers: Answers): Promise<ChosenFile[]> {
  if (Object.keys(answers).length === 0) return [];
  const { answersYaml } = await import("@/lib/ingest/facts/answers");
  const files = Object.entries(answers).flatMap(([directory, given]) => {
    const yaml = answersYaml(given);
    if (yaml === null) return [];
    const path = directory === "" ? ANSWERS_FILE : `${directory}/${ANSWERS_FILE}`;
    return [{ path, file: new File([yaml], ANSWERS_FILE, { type: "application/yaml" }) }];
  });
  const accelerators = ownAccelerators(answers);
  if (accelerators.length === 0) return files;
  // JSON is YAML.
  const rows = new File([JSON.stringify({ accelerators })], CATALOGUE_ANSWERS_FILE, { type: "application/yaml" });
  return [...files, { path: CATALOGUE_ANSWERS_FILE, file: rows }];
}
