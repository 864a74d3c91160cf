import type { V1Container, V1EnvVar, V1Job, V1SecurityContext } from "@kubernetes/client-node";
import { formatNumber } from "../../format";
import type { BundleContext } from "../plan/bundle-context";
import type { ServerUser } from "../plan/server-plan";
import { literalArgument } from "../servers/server";
import { commented } from "../write/commented";
import { CURL_IMAGE } from "../write/shell-commands";
import { RESULTS_PATH, WORKERS } from "./config";
import type { BenchmarkLoad } from "./load";
import { jobName, labelsOf } from "./names";

export const TOOL_IMAGE = "quay.io/inference-perf/inference-perf:v0.6.1";
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
export const BENCHMARK_USER: ServerUser = {
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
  return platform.user?.(BENCHMARK_USER) ?? BENCHMARK_USER;
}

function token(optional: boolean): V1EnvVar {
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

/** What a benchmark Job is made from. */
export interface JobParts {
  name: string;
  labels: Record<string, string>;
  user: ServerUser;
  /** Host whose addresses get the load, how many of them, and why so many. */
  host: string;
  pods: number;
  podsReason: string;
  port: number;
  /** The tokenizer can be had without a token. */
  isTokenOptional: boolean;
  deadline: { seconds: number; reason: string };
}

function loadContainer({ host, pods, podsReason, port, isTokenOptional }: JobParts): V1Container {
  return {
    name: "inference-perf",
    image: TOOL_IMAGE,
    imagePullPolicy: "IfNotPresent",
    command: ["sh", `${CONFIG_PATH}/run.sh`],
    env: [
      { name: "PODS_HOST", value: host },
      commented({ name: "PODS", value: String(pods) }, { name: podsReason }),
      { name: "PORT", value: String(port) },
      token(isTokenOptional),
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

/** The Job: one pod that sends the load and then brings the report. @param url where to; `null` = into its own log */
export function job(context: BundleContext, load: BenchmarkLoad, url: string | null): V1Job {
  const parts: JobParts = {
    name: jobName(context),
    labels: labelsOf(context),
    user: userOn(context),
    host: jobName(context),
    pods: load.pods,
    podsReason:
      load.pods === 1
        ? "one server was measured, so one pod gets the load, whatever runs beside it"
        : "so many were measured together; the load goes to all, through the Service",
    port: context.server.port,
    isTokenOptional: context.choice.model?.gated !== true,
    deadline: deadline(context, load),
  };
  return jobOf(parts, url);
}

/** A Job made from its parts. @param url where its report goes; `null` = into its own log */
export function jobOf(parts: JobParts, url: string | null): V1Job {
  const { name, labels, user, deadline: limit } = parts;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, labels },
    spec: commented(
      {
        backoffLimit: 0,
        activeDeadlineSeconds: limit.seconds,
        ttlSecondsAfterFinished: DAY_SECONDS,
        template: {
          metadata: { labels },
          spec: commented(
            {
              restartPolicy: "Never",
              automountServiceAccountToken: false,
              enableServiceLinks: false,
              securityContext: user.pod,
              initContainers: [loadContainer(parts)],
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
