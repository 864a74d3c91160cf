"use client";

import { type FormEvent, useEffect, useId, useState } from "react";
import { CommandBlock } from "@/components/deploy/command-block";
import { acceleratorNames } from "@/components/explorer/editors/accelerator-names";
import { clusterFacts } from "@/lib/cluster/cluster-facts";
import { type BundleCheck, type ClusterInspection, checkBundle, inspectCluster } from "@/lib/cluster/inspection";
import { bundleCheckParts, type InspectionPart, inspectionParts, proposedParams } from "@/lib/cluster/inspection-text";
import { readKubectlText } from "@/lib/cluster/kubectl-text";
import { namerOf } from "@/lib/explorer/name-stock";
import { formatStockItem } from "@/lib/selection/stock";

const COMMANDS = [
  "kubectl version -o json",
  "kubectl get nodes,namespaces,storageclasses,priorityclasses,apiservices,crd -o json",
  "kubectl get pods,resourcequotas -A -o json",
];

/** Where a browser keeps what was pasted, if a person asks for it. */
const KEPT = "cluster-text";

interface ClusterViewProps {
  /** Search string of a configuration's manifest to hold against the cluster, without the cluster's own answers; `null` = none. */
  manifest: { configurationId: string; search: string } | null;
  /** Ids of the platforms that manifests are written for. */
  platforms: readonly string[];
}

interface Looked {
  inspection: ClusterInspection;
  check: BundleCheck | null;
}

/** A cluster as it is, from what kubectl printed: read in the browser, sent nowhere, kept only if asked. */
export function ClusterView({ manifest, platforms }: ClusterViewProps) {
  const [text, setText] = useState("");
  const [keep, setKeep] = useState(false);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const problemId = useId();

  useEffect(() => {
    const kept = localStorage.getItem(KEPT);
    if (kept === null) return;
    setText(kept);
    setKeep(true);
  }, []);

  async function look(event: FormEvent) {
    event.preventDefault();
    setProblem(null);
    setIsBusy(true);
    try {
      const read = readKubectlText(text);
      if (!read.ok) {
        setLooked(null);
        setProblem(read.error);
        return;
      }
      const facts = clusterFacts(read.value, namerOf(await acceleratorNames()));
      const inspection = inspectCluster(facts, platforms);
      setLooked({ inspection, check: null });
      remember(text, keep);
      if (manifest !== null) {
        const yaml = await manifestText(manifest, proposedParams(inspection.options));
        const { manifestObjects } = await import("@/lib/cluster/manifest-objects");
        setLooked({ inspection, check: checkBundle(manifestObjects(yaml), facts) });
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setIsBusy(false);
    }
  }

  function forget() {
    localStorage.removeItem(KEPT);
    setKeep(false);
    setText("");
    setLooked(null);
  }

  return (
    <main className="mx-auto w-full max-w-[1100px] px-4 pt-4 pb-12 sm:px-8 sm:pt-6">
      <h1 className="font-[650] text-[22px] tracking-[-0.01em]">Your cluster as it is</h1>
      <p className="mt-1 max-w-[75ch] text-muted">
        Paste what these commands print, one after another. It is read in this browser and sent nowhere; what you leave
        out stays unknown.
        {manifest !== null && (
          <>
            {" "}
            The manifest of{" "}
            <a className="link break-words" href={configurationPath(manifest, new URLSearchParams())}>
              {manifest.configurationId}
            </a>{" "}
            is held against it.
          </>
        )}
      </p>
      <div className="mt-3">
        <CommandBlock label="the commands" lines={COMMANDS} />
      </div>
      <form onSubmit={look} className="mt-3">
        <label className="block text-[13px] text-muted">
          What kubectl printed
          <textarea
            className="field mt-1.5 block h-40 w-full font-mono text-[13px] text-ink"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
            aria-describedby={problemId}
          />
        </label>
        <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2">
          <button type="submit" className="button button-primary" disabled={isBusy || text.trim() === ""}>
            {isBusy ? "Looking…" : "Look at it"}
          </button>
          <label className="button cursor-pointer">
            Open a file
            <input
              type="file"
              accept=".json,application/json,text/plain"
              className="sr-only"
              onChange={async (event) => {
                const [file] = event.target.files ?? [];
                if (file !== undefined) setText(await file.text());
              }}
            />
          </label>
          <label className="flex min-h-6 items-center gap-2 text-[13px]">
            <input
              type="checkbox"
              className="h-4 w-4"
              checked={keep}
              onChange={(event) => setKeep(event.target.checked)}
            />
            Keep it in this browser
          </label>
          {(keep || looked !== null) && (
            <button type="button" className="link min-h-6 text-[13px] underline" onClick={forget}>
              Forget it
            </button>
          )}
        </div>
        <p id={problemId} className="mt-2 text-[13px] text-warn-ink" role="status">
          {problem}
        </p>
      </form>
      {looked !== null && <Found {...looked} manifest={manifest} />}
    </main>
  );
}

function Found({ inspection, check, manifest }: Looked & Pick<ClusterViewProps, "manifest">) {
  const { stock, options, facts } = inspection;
  const have = new URLSearchParams(stock.map((item) => ["have", formatStockItem(item)]));
  const parts = [
    ...inspectionParts(inspection),
    ...(check === null ? [] : bundleCheckParts(check, facts.nodes.length)),
  ];
  return (
    <section aria-label="What was found" className="mt-4 border-line border-t pt-4" data-cluster="found">
      {stock.length > 0 && (
        <p className="mb-3">
          <a className="button button-primary" href={`/?${have}`}>
            Plan with these accelerators
          </a>
        </p>
      )}
      {parts.map((part) => (
        <Part key={part.title} {...part} />
      ))}
      {options.length > 0 && (
        <p className="mt-3 max-w-[75ch] text-[13px] text-muted">
          {manifest === null ? (
            <>
              On a configuration’s page these answers stand in its address as{" "}
              <code className="break-words">{proposedParams(options).toString()}</code>.
            </>
          ) : (
            <a className="link underline" href={configurationPath(manifest, proposedParams(options))}>
              Show the manifest with these answers
            </a>
          )}
        </p>
      )}
    </section>
  );
}

function Part({ title, lines }: InspectionPart) {
  return (
    <div className="mt-3">
      <h2 className="font-semibold text-[15px]">{title}</h2>
      <ul className="mt-1 max-w-[100ch] list-disc space-y-0.5 pl-5 text-[14px]">
        {lines.map((line) => (
          <li key={line} className={`break-words ${line.startsWith("MISSING") ? "text-warn-ink" : ""}`}>
            {line}
          </li>
        ))}
      </ul>
    </div>
  );
}

function remember(text: string, keep: boolean): void {
  if (!keep) {
    localStorage.removeItem(KEPT);
    return;
  }
  try {
    localStorage.setItem(KEPT, text);
  } catch {
    throw new Error("It was read, but is too large to be kept in this browser: leave the pods out, or keep the file.");
  }
}

/** The page of a configuration, at its manifest, with answers of a cluster. */
function configurationPath(
  { configurationId, search }: NonNullable<ClusterViewProps["manifest"]>,
  options: URLSearchParams,
): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of options) params.set(name, value);
  return `/configurations/${encodeURIComponent(configurationId)}?${params}#manifests`;
}

/** The manifest as it is applied, with the answers of the cluster. @throws with the reason where there is none */
async function manifestText(
  { configurationId, search }: { configurationId: string; search: string },
  options: URLSearchParams,
): Promise<string> {
  const params = new URLSearchParams(search);
  for (const [name, value] of options) params.set(name, value);
  params.set("configuration", configurationId);
  const response = await fetch(`/api/v1/manifests?${params}`);
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`With this cluster’s answers there is no manifest. ${text.replace(/^# ?/gm, "").trim()}`);
}
