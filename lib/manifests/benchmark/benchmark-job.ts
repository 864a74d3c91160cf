import type { KubernetesObject, V1ConfigMap, V1PersistentVolumeClaim, V1Service } from "@kubernetes/client-node";
import { isTpu } from "../../catalogue/hosts";
import { formatNumber } from "../../format";
import { ok, type Result } from "../../result";
import type { AddOn } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import { commented } from "../write/commented";
import { kubectlFor } from "../write/shell-commands";
import { benchmarkConfig, benchmarkData } from "./config";
import { job } from "./job";
import { type BenchmarkLoad, benchmarkLoad, loadText } from "./load";
import { jobName, labelsOf } from "./names";
import { reportFacts, reportUrl, sideFile } from "./report";
import { PRINT_SCRIPT, PUSH_SCRIPT, RUN_SCRIPT } from "./scripts";

/** One address for each ready pod, so that a single one can be measured. */
function podsService(context: BundleContext): V1Service {
  const { reach, server } = context;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: jobName(context), labels: labelsOf(context) },
    spec: commented(
      {
        clusterIP: "None",
        selector: reach.service,
        ports: [{ name: "http", port: server.port, targetPort: "http", protocol: "TCP" }],
      },
      { clusterIP: "headless: the benchmark learns the addresses of the ready pods from it" },
    ),
  };
}

function claim(context: BundleContext): V1PersistentVolumeClaim {
  const storageClass = context.platform.storageClass(context.choice.accelerator);
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: jobName(context), labels: labelsOf(context) },
    spec: commented(
      {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass === null ? {} : { storageClassName: storageClass.name }),
        resources: { requests: { storage: "1Gi" } },
      },
      {
        accessModes: "reports outlive the pod; a run takes less than a MiB",
        storageClassName: storageClass?.comment,
      },
    ),
  };
}

/** The class of the claim, where the bundle makes it and its storage does not already. */
function missingClass({ platform, choice, storage }: BundleContext): KubernetesObject[] {
  const object = platform.storageClass(choice.accelerator)?.object ?? null;
  const isThere = storage.addOn.objects.some(
    ({ kind, metadata }) => kind === "StorageClass" && metadata?.name === object?.metadata?.name,
  );
  return object === null || isThere ? [] : [object];
}

function configMap(context: BundleContext, data: Record<string, string>): V1ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: jobName(context), labels: labelsOf(context) }, data };
}

function notes(context: BundleContext, load: BenchmarkLoad, url: string | null): string[] {
  const { options, choice, server, identity } = context;
  const kubectl = kubectlFor(options);
  const name = jobName(context);
  const which =
    load.pods === 1
      ? "one pod"
      : `all ${load.pods} pods, ${formatNumber(load.deployments)} times what was measured together,`;
  const list = [
    `The Job ${name} starts by itself when ${load.pods === 1 ? "a pod is" : "the pods are"} ready and loads ${which} around ${loadText(context, load.deployments)}. Keep other traffic away meanwhile; to run it again: ${kubectl} delete job ${name}, then apply.`,
    url === null
      ? `The address of this server is not known (IQ_PUBLIC_URL), so the Job does not send its report. Fetch it with ${kubectl} logs job/${name} -c report | base64 -d > ${name}.tar.gz and add that file on the page Add reports or with iq ingest.`
      : `The Job sends its report to ${new URL(url).origin}, which the cluster must reach. Where that server asks for a token: ${kubectl} create secret generic inference-quickstart --from-literal=token=YOUR_TOKEN`,
  ];
  if (!server.image.asMeasured) {
    list.push("The report will count as another server version than the one measured: it is another one.");
  }
  if (isTpu(choice.accelerator)) {
    list.push(
      "On Cloud TPU a program is compiled for each new shape of request: take the Job's first stage as warm-up, and its figures with care.",
    );
  }
  if (options.autoscaler !== "none" && load.pods > 1) {
    list.push(`The last stage is above the operating point and may set off the autoscaler of ${identity.name}.`);
  }
  return list;
}

/**
 * A Job that repeats the measurement against the new deployment at the predicted operating point with inference-perf, and
 * brings the report back, so that predicted and measured stand side by side.
 */
export function benchmarkJob(context: BundleContext): Result<AddOn> {
  const load = benchmarkLoad(context);
  if (!load.ok) return load;
  const data = benchmarkData(context, load.value.requests);
  if (!data.ok) return data;
  const { choice, identity, platform } = context;
  const facts = reportFacts(context, load.value, data.value.sameWorkload);
  const url = reportUrl(choice.shareUrl, facts);
  const host = load.value.pods === 1 ? jobName(context) : identity.name;
  const files = {
    "config.yml": benchmarkConfig(context, load.value, data.value, host),
    "run.sh": RUN_SCRIPT,
    "report.sh": url === null ? PRINT_SCRIPT : PUSH_SCRIPT,
    ...(url === null ? { "iq.yaml": sideFile(facts) } : {}),
  };
  const gated = choice.model?.gated === true ? ", which is gated: the Secret hf-token is needed" : "";
  return ok({
    objects: [
      ...missingClass(context),
      podsService(context),
      configMap(context, files),
      claim(context),
      job(context, load.value, url),
    ],
    prerequisites: [
      {
        what: `For the benchmark Job: ${platform.storageClass(choice.accelerator) === null ? "a default StorageClass, and " : ""}a way out to Hugging Face for the tokenizer${gated}.`,
        check: "kubectl get storageclass",
        install: [],
      },
    ],
    notes: [...data.value.notes, ...notes(context, load.value, url)],
  });
}
