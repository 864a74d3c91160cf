import { installRouter, releaseName } from "@/lib/manifests/helm/chart";
import type { ManifestOptions } from "@/lib/manifests/options/manifest-options";
import type { Prerequisite } from "@/lib/manifests/plan/add-on";
import { applyOverlay, type CommandStep, type Guide } from "@/lib/manifests/write/command-guide";
import { CommandBlock } from "./command-block";

interface DeployGuideProps {
  guide: Guide;
  options: ManifestOptions;
  name: string;
  link: string;
  zipLink: string;
}

/** What the cluster needs, with a command that checks each, and every command in order. */
export function DeployGuide(props: DeployGuideProps) {
  const { guide } = props;
  return (
    <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-x-9 gap-y-6 lg:grid-cols-2">
      <section aria-labelledby="commands">
        <h3 id="commands" className="font-semibold">
          Commands, in order
        </h3>
        <ol className="mt-1 space-y-3" data-steps="">
          {guide.steps.map((step, index) => (
            <li key={step.id} data-step={step.id}>
              <p className="text-[13px]">
                <strong className="font-[550]">
                  {index + 1}. {step.title}
                </strong>{" "}
                <span className="text-muted">{step.why}</span>
              </p>
              {step.id === "apply" ? (
                <Apply {...props} step={step} />
              ) : (
                <CommandBlock label={step.title} lines={step.lines} />
              )}
            </li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="prerequisites">
        <h3 id="prerequisites" className="font-semibold">
          What the cluster needs
        </h3>
        <ul className="mt-1 space-y-3" data-prerequisites="">
          {guide.prerequisites.map((prerequisite) => (
            <PrerequisiteItem key={prerequisite.what} prerequisite={prerequisite} />
          ))}
        </ul>
      </section>
    </div>
  );
}

/** Straight from this server, from the tree in the zip, or with llm-d's chart for the router. */
function Apply({ name, options, link, zipLink, step }: DeployGuideProps & { step: CommandStep }) {
  const release = releaseName(name);
  return (
    <>
      <CommandBlock label={`${step.title} from the link`} lines={["kubectl apply -f 'LINK'"]} link={link} />
      <p className="mt-1.5 text-[13px] text-muted">Or with Kustomize, from the zip:</p>
      <CommandBlock
        label={`${step.title} with Kustomize`}
        lines={[`curl -fsSL -o ${name}.zip 'LINK'`, `unzip -o ${name}.zip`, applyOverlay(name, options.platform)]}
        link={zipLink}
      />
      {options.gateway !== "none" && (
        <div data-helm="">
          <p className="mt-1.5 text-[13px] text-muted">
            Or with Helm 3.8 or later: pool and endpoint picker from llm-d's chart, everything else as objects (
            <code>helm/</code> in the zip has both). One way or the other, not both.
            {release === name ? "" : ` The pool is then called ${release}.`}
          </p>
          <CommandBlock
            label="Router with Helm"
            lines={[installRouter({ identity: { name }, options }, "'LINK'")]}
            link={`${link}&output=helm-values`}
          />
          <CommandBlock
            label="Objects beside the Helm release"
            lines={["kubectl apply -f 'LINK'"]}
            link={`${link}&output=helm-objects`}
          />
        </div>
      )}
    </>
  );
}

function PrerequisiteItem({ prerequisite: { what, check, install } }: { prerequisite: Prerequisite }) {
  const text = what.replace(/:$/, ".");
  const name = /^[^.,:;(]*/.exec(what)?.[0].trim() ?? "";
  return (
    <li className="text-[13px]">
      <p>{text}</p>
      {check !== null && <CommandBlock label={`check, ${name}`} lines={[check]} />}
      {install.length > 0 && (
        <details className="mt-1">
          <summary className="text-muted">How to bring it there</summary>
          <CommandBlock label={`installation, ${name}`} lines={install} />
        </details>
      )}
    </li>
  );
}
