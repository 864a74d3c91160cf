import { useId, useState } from "react";
import type { IngestJson } from "@/lib/api/ingest-json";
import { formatCount, plural } from "@/lib/format";
import { factLabel } from "@/lib/ingest/facts/fact-labels";
import type { FactSuggestions } from "@/lib/ingest/facts/suggestions";
import { directoryLabel, type FactForm, factForms, pathInside, reachesBelow } from "@/lib/upload/fact-forms";
import { isAnswered, OWN_ACCELERATOR, withAnswer, withAnswersEverywhere } from "./answers";
import { FactField } from "./fact-field";
import { OwnAccelerator } from "./own-accelerator";
import type { Upload } from "./use-upload";

/** Folders asked one by one; the others are reached by "use for all". */
const FORMS_SHOWN = 25;

interface FactFormsProps {
  preview: IngestJson;
  upload: Upload;
  suggestions: FactSuggestions;
}

/** Asks, run directory by run directory, for the facts the reports lack. */
export function FactForms({ preview, upload, suggestions }: FactFormsProps) {
  const listPrefix = useId();
  const forms = withAnsweredFacts(factForms(preview), upload);
  const needed = forms.filter((form) => form.missing.length > 0 || isAnswered(upload.answers, form.directory));
  const optional = forms.filter((form) => !needed.includes(form));
  const isMissing = forms.some((form) => form.missing.length > 0);
  if (forms.length === 0) return null;
  const directories = forms.map((form) => form.directory);
  const one = (form: FactForm) => (
    <DirectoryForm key={form.directory} form={form} upload={upload} directories={directories} listPrefix={listPrefix} />
  );
  const submit = (
    <button type="submit" className={`button mt-4 ${upload.isStale || isMissing ? "button-primary" : ""}`}>
      Check again
    </button>
  );
  return (
    <form
      className="mt-6 border-line border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        upload.check();
      }}
      data-facts=""
    >
      {Object.entries(suggestions.values).map(([key, values]) => (
        <datalist key={key} id={`${listPrefix}-${key}`}>
          {values?.map((value) => (
            <option key={value} value={value}>
              {key === "accelerator" ? suggestions.accelerators.find((item) => item.id === value)?.name : undefined}
            </option>
          ))}
        </datalist>
      ))}
      {needed.length > 0 && (
        <>
          <h3 className="font-semibold text-[17px]">{isMissing ? "What the reports do not say" : "What you said"}</h3>
          {needed.slice(0, FORMS_SHOWN).map(one)}
          {needed.length > FORMS_SHOWN && (
            <p className="mt-3 text-muted">
              … and {plural(needed.length - FORMS_SHOWN, "more folder")}: “Use for all” reaches them too.
            </p>
          )}
          {submit}
        </>
      )}
      {optional.length > 0 && (
        <details className={needed.length > 0 ? "mt-4" : ""} data-optional-facts="">
          <summary className="font-semibold">
            Say more about{" "}
            {optional.length === 1
              ? directoryLabel(optional[0]?.directory ?? "")
              : `${formatCount(optional.length)} folders`}
            <span className="font-normal text-muted"> · nothing is required</span>
          </summary>
          {optional.slice(0, FORMS_SHOWN).map(one)}
          {needed.length === 0 && submit}
        </details>
      )}
    </form>
  );
}

/** Facts that were answered stay in the form, although they are no longer missing. */
function withAnsweredFacts(forms: readonly FactForm[], { answers }: Upload): FactForm[] {
  const known = new Map(forms.map((form) => [form.directory, form]));
  for (const [directory, given] of Object.entries(answers)) {
    const form = known.get(directory) ?? { directory, files: [], missing: [], unstated: [], proposed: {} };
    const asked = new Set([...form.missing.map(({ key }) => key), ...form.unstated]);
    const kept = Object.keys(given).filter((key) => !asked.has(key) && !key.startsWith(OWN_ACCELERATOR));
    known.set(directory, { ...form, unstated: [...kept, ...form.unstated] });
  }
  return [...known.values()];
}

interface DirectoryFormProps {
  form: FactForm;
  upload: Upload;
  directories: readonly string[];
  listPrefix: string;
}

function DirectoryForm({ form, upload, directories, listPrefix }: DirectoryFormProps) {
  const { directory, files, missing, unstated, proposed } = form;
  const open = Object.entries(proposed).filter(
    ([key]) => (missing.some((fact) => fact.key === key) || unstated.includes(key)) && !given(key),
  );
  function given(key: string): boolean {
    return (upload.answers[directory]?.[key] ?? "").trim() !== "";
  }
  const { answers } = upload;
  const isOwn = Object.keys(answers[directory] ?? {}).some((key) => key.startsWith(OWN_ACCELERATOR));
  const [announcement, setAnnouncement] = useState("");
  const [first, ...more] = files;
  const field = (key: string, isNeeded: boolean, wrong: string | null) => (
    <FactField
      key={key}
      name={key}
      isNeeded={isNeeded}
      wrong={wrong}
      value={answers[directory]?.[key] ?? ""}
      listPrefix={listPrefix}
      onChange={(value) => upload.setAnswers(withAnswer(answers, directory, key, value))}
    />
  );
  return (
    <fieldset className="mt-3" data-directory={directory}>
      <legend className="[overflow-wrap:anywhere]">
        <strong className="font-semibold">{directoryLabel(directory)}</strong>
        {first !== undefined && (
          <span className="text-[13px] text-muted">
            {" "}
            · {pathInside(directory, first)}
            {more.length > 0 ? ` and ${plural(more.length, "more file")}` : ""}
          </span>
        )}
      </legend>
      {reachesBelow(directory, directories) && (
        <p className="text-[13px] text-muted" data-reach="">
          Said here, it also fills what the folders{directory === "" ? "" : " below"} leave open. What one of them says
          itself comes first.
        </p>
      )}
      {open.length > 0 && (
        <p className="text-[13px] text-muted" data-proposed="">
          Its name may say: {open.map(([key, value]) => `${factLabel(key).toLowerCase()} ${value}`).join(", ")}.{" "}
          <button
            type="button"
            className="link"
            onClick={() =>
              upload.setAnswers(
                open.reduce((all, [key, value]) => withAnswer(all, directory, key, value), upload.answers),
              )
            }
          >
            Use these
          </button>
        </p>
      )}
      <div className="mt-2 grid grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
        {missing.map(({ key, wrong }) => field(key, true, wrong))}
        {unstated.map((key) => field(key, false, null))}
        {(missing.some(({ key }) => key === "accelerator") || isOwn) && (
          <OwnAccelerator directory={directory} answers={answers} onChange={upload.setAnswers} />
        )}
      </div>
      <div className="mt-2 flex flex-wrap gap-x-4 text-[13px]">
        {directories.length > 1 && (
          <button
            type="button"
            className="link"
            disabled={!isAnswered(answers, directory)}
            onClick={() => {
              upload.setAnswers(withAnswersEverywhere(answers, directory, directories));
              setAnnouncement(`Used for all ${formatCount(directories.length)} folders.`);
            }}
          >
            Use for all {formatCount(directories.length)} folders
          </button>
        )}
        {isAnswered(answers, directory) && (
          <button type="button" className="link" onClick={() => void downloadYaml(answers[directory] ?? {})}>
            Download as iq.yaml
          </button>
        )}
        <span role="status" className="text-muted">
          {announcement}
        </span>
      </div>
    </fieldset>
  );
}

/** Downloads the answers as a file to keep beside the results, so that nobody is asked again. */
async function downloadYaml(given: Readonly<Record<string, string>>): Promise<void> {
  const { answersYaml } = await import("@/lib/ingest/facts/answers");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([answersYaml(given) ?? ""], { type: "application/yaml" }));
  link.download = "iq.yaml";
  link.click();
  URL.revokeObjectURL(link.href);
}
