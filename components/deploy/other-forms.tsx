import { ONE_MACHINE_FORMS, type OneMachineForm } from "@/lib/manifests/forms/one-machine";
import type { FormRefusals } from "@/lib/manifests/forms/other-forms";

const ONE_MACHINE_LABELS: Readonly<Record<OneMachineForm, string>> = {
  docker: "docker run",
  compose: "a compose file",
  command: "the server’s own command",
};

interface FormLink {
  output: string;
  label: string;
}

function Links({ what, links, path }: { what: string; links: readonly FormLink[]; path: string }) {
  if (links.length === 0) return null;
  return (
    <p className="mb-1.5 text-[13px] text-muted">
      {what}:{" "}
      {links.map(({ output, label }, index) => (
        <span key={output}>
          {index === 0 ? "" : ", "}
          <a className="link underline" href={`${path}&output=${output}`} data-form={output}>
            {label}
          </a>
        </span>
      ))}
      .
    </p>
  );
}

/** The same choice for one machine, for controllers of others, as its machines, and from Git: what there is of it. */
export function OtherForms({ forms, path }: { forms: FormRefusals; path: string }) {
  const controllers: FormLink[] = [
    ...(forms.inferenceService === null ? [{ output: "inference-service", label: "KServe InferenceService" }] : []),
    ...(forms.llmInferenceService === null
      ? [{ output: "llm-inference-service", label: "KServe LLMInferenceService" }]
      : []),
    ...(forms.productionStack === null
      ? [{ output: "production-stack", label: "vLLM production stack (Helm values)" }]
      : []),
  ];
  const machines: FormLink[] =
    forms.machines === null
      ? [
          { output: "node-pool", label: "the seller’s command" },
          { output: "terraform", label: "Terraform" },
        ]
      : [];
  const alone = ONE_MACHINE_FORMS.map((form) => ({ output: form, label: ONE_MACHINE_LABELS[form] }));
  return (
    <div className="mb-3" data-other-forms="">
      <Links
        what="One replica on one machine, without Kubernetes"
        links={forms.oneMachine === null ? alone : []}
        path={path}
      />
      <Links what="The same pod for other controllers" links={controllers} path={path} />
      <Links what="The machines" links={machines} path={path} />
      {forms.hasAddress && <FromGit path={path} />}
    </div>
  );
}

/** Argo CD and Flux follow a repository, so one has to be named. */
function FromGit({ path }: { path: string }) {
  const [action = "", search = ""] = path.split("?");
  return (
    <form action={action} method="get" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-muted">
      {[...new URLSearchParams(search)].map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand there several times, in this order
        <input key={`${name}-${index}`} type="hidden" name={name} value={value} />
      ))}
      <label htmlFor="git-repository">Kept in the cluster from Git:</label>
      <input
        id="git-repository"
        name="git"
        required
        placeholder="https://git.example.org/team/cluster.git"
        className="h-7 w-72 max-w-full rounded border border-line bg-transparent px-2 text-text"
      />
      <button type="submit" name="output" value="argocd" className="link underline">
        Argo CD
      </button>
      <button type="submit" name="output" value="flux" className="link underline">
        Flux
      </button>
    </form>
  );
}
