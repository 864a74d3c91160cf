import { ProblemNotices } from "@/components/problem-notices";
import { hostOf } from "@/lib/catalogue/hosts";
import type { ConfigurationPage } from "@/lib/explorer/configuration-page";
import { optionConflicts } from "@/lib/manifests/options/option-conflicts";
import { serializeOptionParams } from "@/lib/manifests/options/option-params";
import { STORAGE_KINDS } from "@/lib/manifests/storage/all";
import { operatingPointText } from "@/lib/manifests/write/provenance-annotations";
import { serializeExplorerQuery } from "@/lib/params/explorer-params";
import { DeployGuide } from "./deploy-guide";
import { ManifestPreview, type NoteOrigin } from "./manifest-preview";
import { ManifestTools } from "./manifest-tools";
import { OptionForm } from "./option-form";
import { OtherForms } from "./other-forms";
import { Refusal } from "./refusal";

/** The questions about the cluster, the parameters that were not understood, the manifest, and how to apply it. */
export function ManifestsSection({ page, problems }: { page: ConfigurationPage; problems: readonly string[] }) {
  const { manifest, manifestPath, choices, options } = page;
  const path = `/configurations/${encodeURIComponent(page.configuration.configurationId)}`;
  const search = serializeExplorerQuery({ ...page.query, workload: page.workload.workloadId });
  const clusterSearch = new URLSearchParams([
    ["configuration", page.configuration.configurationId],
    ...new URLSearchParams(search),
  ]);
  const zipPath = `${manifestPath}&output=zip`;
  const conflicts = options === null || page.accelerator === null ? [] : optionConflicts(options, page.accelerator);
  const body = (
    <>
      <ProblemNotices problems={problems} className="mb-2" />
      {!manifest.ok && (
        <Refusal
          page={page}
          reasons={conflicts.length > 1 ? conflicts.map(({ reason }) => reason) : [manifest.error]}
          isUnfinished={conflicts.length === 1 && conflicts[0]?.option === "storageSource" && conflicts[0].value === ""}
          pathWith={(asked) => `${path}?${[serializeOptionParams(asked), search].filter(Boolean).join("&")}#manifests`}
        />
      )}
      <ManifestTools
        manifest={
          !manifest.ok
            ? null
            : {
                yaml: manifest.value.yaml,
                fileName: `${manifest.value.name}.yaml`,
                link: manifestPath,
                zipLink: zipPath,
              }
        }
      />
      {manifest.ok && (
        <>
          {manifest.value.notes.length > 0 && (
            <ul className="mb-3 max-w-[100ch] list-disc space-y-0.5 pl-5 text-[13px] text-muted" data-notes="">
              {manifest.value.notes.map((note) => (
                <li key={note} className="break-words">
                  {note}
                </li>
              ))}
            </ul>
          )}
          <p className="mb-3 text-[13px]">
            <a className="link underline" href={`/cluster?${clusterSearch}`}>
              Hold it against your cluster
            </a>
          </p>
          {page.otherForms !== null && <OtherForms forms={page.otherForms} path={manifestPath} />}
          <ManifestPreview yaml={manifest.value.yaml} origin={originOf(page)} />
        </>
      )}
    </>
  );
  return (
    <section aria-labelledby="manifests" className="mt-8 min-w-0 border-line border-t pt-4">
      <h2 id="manifests" className="mb-2 font-semibold text-[17px]">
        Manifests
      </h2>
      {choices === null || options === null ? (
        body
      ) : (
        <OptionForm
          path={path}
          kept={[...new URLSearchParams(search)]}
          choices={choices}
          texts={{
            storageSource: options.storageSource ?? "",
            namespace: options.namespace ?? "",
            rdmaResource: options.rdmaResource ?? "",
            clusterName: options.clusterName ?? "",
          }}
          problems={Object.fromEntries(
            conflicts.filter(({ value }) => value !== "").map(({ option, reason }) => [option, reason]),
          )}
          source={sourceOf(options.storage)}
          isSpread={isSpread(page)}
        >
          {body}
        </OptionForm>
      )}
      {manifest.ok && options !== null && (
        <DeployGuide
          guide={manifest.value.guide}
          options={options}
          name={manifest.value.name}
          link={manifestPath}
          zipLink={zipPath}
        />
      )}
    </section>
  );
}

/** Servers that talk to each other over the network. */
function isSpread({ configuration, accelerator }: ConfigurationPage): boolean {
  const machine = accelerator === null ? Number.POSITIVE_INFINITY : hostOf(accelerator).maximumAccelerators;
  return (
    (configuration.nodes ?? 1) > 1 ||
    configuration.servingMode === "disaggregated" ||
    configuration.acceleratorCount > machine
  );
}

function sourceOf(storage: keyof typeof STORAGE_KINDS): { what: string; example: string } | null {
  const { source } = STORAGE_KINDS[storage];
  return source === null ? null : { what: source.what, example: source.example };
}

/** Where the numbers of the manifest were measured: the run its operating point is of. */
function originOf({ outcome, runs }: ConfigurationPage): NoteOrigin {
  if (outcome.kind !== "ranked") return { text: "", href: "#points" };
  const { operatingPoint, curve } = outcome.row;
  const runId =
    (operatingPoint.kind === "interpolated" ? operatingPoint.between[0] : operatingPoint.point).runId ?? curve.curveId;
  const run = runs.find((item) => item.runId === runId);
  const where = [run?.source.name, run?.measuredOn?.slice(0, 10)].filter(Boolean).join(", ");
  return {
    text: `From the operating point, ${operatingPointText(operatingPoint)}; run ${runId}${where === "" ? "" : ` (${where})`}`,
    href: `/runs/${encodeURIComponent(runId)}`,
  };
}
