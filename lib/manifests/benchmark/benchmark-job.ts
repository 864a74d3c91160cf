import type {
  V1ConfigMap,
  V1Container,
  V1EnvVar,
  V1Job,
  V1PersistentVolumeClaim,
  V1SecurityContext,
  V1Service,
} from "@kubernetes/client-node";
import { isTpu } from "../../catalogue/hosts";
import { formatNumber } from "../../format";
import { ok, type Result } from "../../result";
import { suffixed } from "../objects/kubernetes-names";
import type { AddOn } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import type { ServerUser } from "../plan/server-plan";
import { literalArgument } from "../servers/server";
import { commented } from "../write/commented";
import { CURL_IMAGE, kubectlFor } from "../write/shell-commands";
import { benchmarkConfig, benchmarkData, RESULTS_PATH, WORKERS } from "./config";
import { type BenchmarkLoad, benchmarkLoad, loadText } from "./load";
import { reportFacts, reportUrl, sideFile } from "./report";
import { PRINT_SCRIPT, PUSH_SCRIPT, RUN_SCRIPT } from "./scripts";

const TOOL_IMAGE = "quay.io/inference-perf/inference-perf:v0.6.1";
const CONFIG_PATH = "/etc/inference-perf";
/** Any but root's: the images need none of their own. */
const USER_ID = 1000;
const DAY_SECONDS = 86_400;
/** Where the prediction does not say how long a request takes. */
const UNKNOWN_LOAD_SECONDS = 7200;
/** A server slower than predicted must still come to the end. */
const PATIENCE = 3;

const CONTAINER_SECURITY: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** As Pod Security level restricted has it. */
const USER: ServerUser = {
  pod: {
    runAsNonRoot: true,
    runAsUser: USER_ID,
    runAsGroup: USER_ID,
    fsGroup: USER_ID,
    seccompProfile: { type: "RuntimeDefault" },
  },
  container: CONTAINER_SECURITY,
  comment: "no user of these images is needed; allowed under Pod Security level restricted",
  containerComments: {},
  writablePaths: [],
};

/** The user as the platform admits it. */
function userOn({ platform }: BundleContext): ServerUser {
  return platform.user?.(USER) ?? USER;
}

function jobName({ identity }: BundleContext): string {
  return suffixed(identity.name, "bench");
}

function labelsOf(context: BundleContext): Record<string, string> {
  return {
    "app.kubernetes.io/name": "inference-perf",
    "app.kubernetes.io/instance": context.identity.name,
    "app.kubernetes.io/component": "benchmark",
    "app.kubernetes.io/managed-by": "inference-quickstart",
  };
}

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
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: jobName(context), labels: labelsOf(context) },
    spec: commented(
      { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      { accessModes: "reports outlive the pod; a run takes less than a MiB" },
    ),
  };
}

function configMap(context: BundleContext, data: Record<string, string>): V1ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: jobName(context), labels: labelsOf(context) }, data };
}

function token({ choice }: BundleContext): V1EnvVar {
  const optional = choice.model?.gated !== true;
  return {
    name: "HF_TOKEN",
    valueFrom: {
      secretKeyRef: commented(
        { name: "hf-token", key: "token", optional },
        { optional: "for the tokenizer, which comes from Hugging Face" },
      ),
    },
  };
}

const MOUNTS = [
  { name: "config", mountPath: CONFIG_PATH, readOnly: true },
  { name: "results", mountPath: RESULTS_PATH },
  { name: "tmp", mountPath: "/tmp" },
];

function loadContainer(context: BundleContext, load: BenchmarkLoad): V1Container {
  return {
    name: "inference-perf",
    image: TOOL_IMAGE,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", `${CONFIG_PATH}/run.sh`],
    env: [
      { name: "PODS_HOST", value: jobName(context) },
      commented(
        { name: "PODS", value: String(load.pods) },
        {
          name:
            load.pods === 1
              ? "one server was measured, so one pod gets the load, whatever runs beside it"
              : "so many were measured together; the load goes to all, through the Service",
        },
      ),
      { name: "PORT", value: String(context.server.port) },
      token(context),
      { name: "HF_HOME", value: "/tmp/hf" },
      { name: "HOME", value: "/tmp" },
      { name: "USER", value: "benchmark" },
    ],
    securityContext: CONTAINER_SECURITY,
    resources: {
      requests: commented(
        { cpu: String(WORKERS), memory: "8Gi" },
        { cpu: "one for each worker: a busy client measures itself" },
      ),
      limits: { memory: "16Gi" },
    },
    volumeMounts: MOUNTS,
  };
}

function reportContainer(url: string | null): V1Container {
  const env: V1EnvVar[] =
    url === null
      ? []
      : [
          commented(
            { name: "REPORT_URL", value: literalArgument(url) },
            { name: "the facts a report does not hold are parameters" },
          ),
          {
            name: "IQ_TOKEN",
            valueFrom: {
              secretKeyRef: commented(
                { name: "inference-quickstart", key: "token", optional: true },
                { optional: "needed where the server was started with IQ_TOKEN" },
              ),
            },
          },
        ];
  return {
    name: "report",
    image: CURL_IMAGE,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", `${CONFIG_PATH}/report.sh`],
    ...(env.length === 0 ? {} : { env }),
    securityContext: CONTAINER_SECURITY,
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    volumeMounts: MOUNTS,
  };
}

/** From the first pod's start to the last request, with patience. */
function deadline(context: BundleContext, load: BenchmarkLoad): { seconds: number; reason: string } {
  const start = context.startup.rolloutSeconds;
  const run = load.seconds === null ? UNKNOWN_LOAD_SECONDS : Math.ceil(load.seconds * PATIENCE);
  const basis =
    load.seconds === null
      ? `${formatNumber(run)} s for the load (latency is not known)`
      : `${PATIENCE} times the ${formatNumber(load.seconds)} s the load takes by the prediction`;
  return { seconds: start + run, reason: `${formatNumber(start)} s for node, image and model + ${basis}` };
}

function job(context: BundleContext, load: BenchmarkLoad, url: string | null): V1Job {
  const name = jobName(context);
  const user = userOn(context);
  const limit = deadline(context, load);
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels: labelsOf(context) },
    spec: commented(
      {
        backoffLimit: 0,
        activeDeadlineSeconds: limit.seconds,
        ttlSecondsAfterFinished: DAY_SECONDS,
        template: {
          metadata: { labels: labelsOf(context) },
          spec: commented(
            {
              restartPolicy: "Never",
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: user.pod,
              initContainers: [loadContainer(context, load)],
              containers: [reportContainer(url)],
              volumes: [
                { name: "config", configMap: { name } },
                { name: "results", persistentVolumeClaim: { claimName: name } },
                { name: "tmp", emptyDir: {} },
              ],
            },
            { securityContext: user.comment, initContainers: "first the load; only when it has ended the report" },
          ),
        },
      },
      {
        backoffLimit: "a second try would measure a server that is warm from the first",
        activeDeadlineSeconds: limit.reason,
        ttlSecondsAfterFinished: "a day to read its log; reports stay on the volume",
      },
    ),
  };
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
  const { choice, identity } = context;
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
    objects: [podsService(context), configMap(context, files), claim(context), job(context, load.value, url)],
    prerequisites: [
      {
        what: `For the benchmark Job: a default StorageClass, and a way out to Hugging Face for the tokenizer${gated}.`,
        check: "kubectl get storageclass",
        install: [],
      },
    ],
    notes: [...data.value.notes, ...notes(context, load.value, url)],
  });
}
