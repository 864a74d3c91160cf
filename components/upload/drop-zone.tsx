import { FileUp, FolderUp } from "lucide-react";
import { useEffect, useRef } from "react";
import { factExample, factLabel, STARTED_WITH_KEY } from "@/lib/ingest/facts/fact-labels";
import { FACT_NAMES } from "@/lib/ingest/facts/facts";
import { type ChosenFile, filesOfInput } from "./chosen-files";

interface DropZoneProps {
  dragging: boolean;
  needsToken: boolean;
  onChoose: (files: ChosenFile[]) => void;
}

/** Asked for where no script can tell what is missing. */
const PLAIN_FACTS = ["model", "accelerator", "accelerator_count", "server", "server_version", "precision"];
/** React does not know this attribute. */
const FOLDER = { webkitdirectory: "" };

/** Where files go in. Without script it is a form that posts to the API. */
export function DropZone({ dragging, needsToken, onChoose }: DropZoneProps) {
  const zone = useRef<HTMLFormElement>(null);
  const latest = useRef(onChoose);
  latest.current = onChoose;
  useEffect(() => {
    // Files chosen before the script had loaded.
    const inputs = [...(zone.current?.querySelectorAll<HTMLInputElement>('input[type="file"]') ?? [])];
    const chosen = inputs.flatMap((input) => filesOfInput(input.files));
    if (chosen.length > 0) latest.current(chosen);
  }, []);

  const input = (label: string, icon: typeof FileUp, folder: boolean) => {
    const Icon = icon;
    return (
      <label className={`button ${folder ? "" : "button-primary"} file-button`}>
        <Icon size={16} aria-hidden="true" />
        <input
          type="file"
          name="files"
          multiple
          {...(folder ? FOLDER : {})}
          className="sr-only"
          onChange={(event) => {
            const chosen = filesOfInput(event.currentTarget.files);
            // Without this the browser would not report the same files chosen again.
            event.currentTarget.value = "";
            onChoose(chosen);
          }}
        />
        {label}
      </label>
    );
  };
  return (
    <form
      ref={zone}
      action="/api/v1/reports?way=page"
      method="post"
      encType="multipart/form-data"
      className={`rounded-lg border-2 border-dashed px-4 py-8 text-center sm:py-12 ${dragging ? "border-accent bg-soft" : "border-line"}`}
      data-drop-zone=""
    >
      <p className="text-[17px]">
        {dragging ? "Let go: they are only looked at, not stored yet" : "Drop files or folders here"}
      </p>
      <div className="mt-3 flex flex-wrap justify-center gap-2">
        {input("Choose files", FileUp, false)}
        {input("Choose a folder", FolderUp, true)}
      </div>
      <noscript>
        {needsToken ? (
          <p className="mt-4">This server asks for a token, which a form cannot send: use curl as below.</p>
        ) : (
          <div className="mx-auto mt-4 max-w-[420px] space-y-2 text-left">
            {PLAIN_FACTS.map((key) => (
              <label key={key} className="block text-[13px]">
                {factLabel(key)}, if the reports do not say it
                <input
                  className="field mt-0.5 block w-full"
                  name={key}
                  placeholder={`e.g. ${factExample(key)}`}
                  inputMode={
                    FACT_NAMES.some((fact) => fact.key === key && fact.kind === "count") ? "numeric" : undefined
                  }
                />
              </label>
            ))}
            <label className="block text-[13px]">
              {factLabel(STARTED_WITH_KEY)}, if you have it
              <textarea
                className="field mt-0.5 block w-full font-mono"
                name={STARTED_WITH_KEY}
                rows={3}
                placeholder={`e.g. ${factExample(STARTED_WITH_KEY)}`}
              />
            </label>
            <label className="block">
              <input type="checkbox" name="dryRun" value="true" defaultChecked /> Only look, store nothing
            </label>
            <button type="submit" className="button button-primary">
              Send
            </button>
          </div>
        )}
      </noscript>
    </form>
  );
}
