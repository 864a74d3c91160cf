import type { KubernetesObject, V1Container, V1PodSpec, V1Probe } from "@kubernetes/client-node";
import { ok, type Result, refused } from "../../result";
import { requestTimeout } from "../gateways/objects";
import { podDisruptionBudget } from "../objects/pdb";
import type { Prerequisite } from "../plan/add-on";
import type { Choice } from "../plan/choice";
import { settingsStanding } from "../plan/settings-standing";
import { commented, commentsOf, reasonsOf } from "../write/commented";
import { provenance } from "../write/provenance-annotations";
import { kubectlFor, shellWord } from "../write/shell-commands";
import { type FormText, formText, type OnePod, objectsBeside, onePod } from "./one-pod";

/** The release both forms are written for; its LLMInferenceService is v1alpha2. */
const RELEASE = "0.20";
/** KServe appends `-predictor` to the name, and a Service has at most 63 characters. */
const NAME_CHARACTERS = 50;
/** As KServe finds the server among a pod's containers. */
const PREDICTOR_CONTAINER = "kserve-container";
const LLM_CONTAINER = "main";
/** Where KServe mounts the certificate of each LLMInferenceService. */
const CERTIFICATES = "/var/run/kserve/tls";

/** serving.kserve.io/v1beta1, as far as it is written here; no published TypeScript types exist. */
interface InferenceService extends KubernetesObject {
  spec: { predictor: Record<string, unknown> & V1PodSpec };
}

/** serving.kserve.io/v1alpha2, as far as it is written here; no published TypeScript types exist. */
interface LlmInferenceService extends KubernetesObject {
  spec: {
    model: { uri: string; name: string };
    storageInitializer: { enabled: boolean };
    replicas: number;
    labels: Record<string, string>;
    annotations?: Record<string, string>;
    router?: { gateway: object; route: object; scheduler: object };
    template: V1PodSpec;
  };
}

function named(spec: V1PodSpec, container: V1Container): V1PodSpec {
  return { ...spec, containers: [container] };
}

function kserve(resource: string): Prerequisite {
  return {
    what: `KServe ${RELEASE} or later:`,
    check: `kubectl get crd ${resource}.serving.kserve.io`,
    install: [],
  };
}

/** Annotations of the object that runs the pods: where each number comes from. */
function annotationsOf({ context }: OnePod): Record<string, string> {
  return provenance(context.choice, context.layout, settingsStanding(context));
}

/** An address for the server behind a Service, and a first answer from it. */
function tests(kubectl: string, service: string, port: number, model: string, scheme: "http" | "https"): string[] {
  const curl = scheme === "https" ? "curl -sk" : "curl -s";
  return [
    `${kubectl} port-forward service/${service} 8000:${port}`,
    `${curl} ${scheme}://localhost:8000/v1/models`,
    `${curl} ${scheme}://localhost:8000/v1/completions -H 'Content-Type: application/json' -d '{"model": "${model}", "prompt": "Kubernetes is", "max_tokens": 32}'`,
  ];
}

/**
 * KServe's InferenceService in Standard mode: the manifest's pod as its predictor. KServe makes Deployment and Service of it.
 * @returns the text, or why a replica is not one pod
 */
export function inferenceServiceText(choice: Choice): Result<FormText> {
  const made = onePod(choice, "KServe's InferenceService", NAME_CHARACTERS);
  if (!made.ok) return made;
  const pod = made.value;
  const { context, template, name } = pod;
  const { scaling, startup, options, server } = context;
  const timeout = requestTimeout(context);
  const object: InferenceService = {
    apiVersion: "serving.kserve.io/v1beta1",
    kind: "InferenceService",
    metadata: {
      name,
      labels: context.identity.labels,
      annotations: commented(
        {
          "serving.kserve.io/deploymentMode": "Standard",
          "serving.kserve.io/autoscalerClass": "none",
          ...annotationsOf(pod),
        },
        {
          "serving.kserve.io/deploymentMode": "a Deployment without Knative: a model takes minutes to start",
          "serving.kserve.io/autoscalerClass": "KServe's own scaler goes by CPU, which says nothing of a model server",
        },
      ),
    },
    spec: {
      predictor: commented(
        {
          minReplicas: scaling.minimum,
          maxReplicas: scaling.minimum,
          timeout: timeout.seconds,
          deploymentStrategy: commented(
            { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
            { rollingUpdate: "a surge pod would need spare accelerators; without them the rollout hangs" },
          ),
          labels: template.metadata?.labels ?? {},
          ...(template.metadata?.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
          ...named(pod.spec, { ...pod.container, name: PREDICTOR_CONTAINER }),
        },
        {
          ...commentsOf(pod.spec),
          minReplicas: scaling.minimumReason,
          timeout: `KServe's route ends a request after 60 s by default, in the middle of a long answer; ${timeout.reason}`,
        },
      ),
    },
  };
  const kubectl = kubectlFor(options);
  const file = `${name}.inferenceservice.yaml`;
  const text = formText(pod, [...objectsBeside(pod.bundle), object, podDisruptionBudget(context.identity)], {
    prerequisites: [kserve("inferenceservices")],
    apply: `kubectl apply -f ${file}`,
    watch: [
      `${kubectl} wait --for=condition=PredictorReady inferenceservice/${name} --timeout=${startup.rolloutSeconds}s`,
      `${kubectl} logs -f deployment/${name}-predictor -c ${PREDICTOR_CONTAINER}`,
    ],
    test: tests(kubectl, `${name}-predictor`, 80, shellWord(server.servedModel, "MODEL"), "http"),
  });
  return ok({ name, file, text, notes: pod.notes });
}

type ProbeName = "startupProbe" | "readinessProbe" | "livenessProbe";

/** A probe as KServe asks servers it gave a certificate. */
function overTls(container: V1Container, name: ProbeName): Partial<Record<ProbeName, V1Probe>> {
  const probe = container[name];
  if (probe?.httpGet === undefined) return {};
  return { [name]: { ...probe, httpGet: { ...probe.httpGet, scheme: "HTTPS" } } };
}

/** The server with KServe's certificate, and its cache where KServe's own template would have another. */
function llmContainer({ container }: OnePod): V1Container {
  const args = [
    ...(container.args ?? []),
    `--ssl-certfile=${CERTIFICATES}/tls.crt`,
    `--ssl-keyfile=${CERTIFICATES}/tls.key`,
  ];
  const home = container.env?.find(({ name }) => name === "HF_HOME")?.value;
  const cache = commented(
    { name: "HF_HUB_CACHE", value: `${home}/hub` },
    { name: "KServe's template has another, on the node's own disk" },
  );
  return {
    ...container,
    name: LLM_CONTAINER,
    args: withReasons(container, args),
    env: [...(container.env ?? []), ...(home === undefined ? [] : [cache])],
    ...overTls(container, "startupProbe"),
    ...overTls(container, "readinessProbe"),
    ...overTls(container, "livenessProbe"),
  };
}

/** Annotations that have a Prometheus read metrics, by the scheme the server has here. */
function readOverTls(annotations: Record<string, string> | undefined): Record<string, string> | undefined {
  if (annotations?.["prometheus.io/scrape"] === undefined) return annotations;
  return { ...annotations, "prometheus.io/scheme": "https" };
}

/** The manifest's arguments with their reasons, and those of the certificate. */
function withReasons({ args }: V1Container, all: string[]): string[] {
  return commented(all, [
    ...reasonsOf(args ?? []),
    "needed to run: KServe reaches its servers by TLS; where the cluster has enableLLMInferenceServiceTLS off, leave both out and take scheme HTTP in the probes",
  ]);
}

/**
 * KServe's LLMInferenceService: the manifest's pod as its template, and, where a gateway is asked for, KServe's own gateway, route
 * and llm-d's scheduler in front.
 * @returns the text, or why KServe cannot be told so
 */
export function llmInferenceServiceText(choice: Choice): Result<FormText> {
  const made = onePod(choice, "KServe's LLMInferenceService", NAME_CHARACTERS, true);
  if (!made.ok) return made;
  const pod = made.value;
  const { context, template, name } = pod;
  const { server, scaling, options, weights, startup } = context;
  if (server.engineType !== "vllm") {
    return refused(
      `KServe's LLMInferenceService reaches its servers by TLS, which it turns on by flags of vLLM; for ${server.label} take its InferenceService.`,
    );
  }
  const annotations = readOverTls(template.metadata?.annotations);
  const object: LlmInferenceService = {
    apiVersion: "serving.kserve.io/v1alpha2",
    kind: "LLMInferenceService",
    metadata: { name, labels: context.identity.labels, annotations: annotationsOf(pod) },
    spec: commented(
      {
        model: { uri: `hf://${weights.repository}`, name: server.servedModel },
        storageInitializer: { enabled: false },
        replicas: scaling.minimum,
        labels: template.metadata?.labels ?? {},
        ...(annotations === undefined ? {} : { annotations }),
        ...(choice.options.gateway === "none" ? {} : { router: { gateway: {}, route: {}, scheduler: {} } }),
        template: named(pod.spec, llmContainer(pod)),
      },
      {
        storageInitializer: "the server loads the weights itself, from where its first argument says",
        replicas: scaling.minimumReason,
        router: "KServe's own gateway and route, and llm-d's scheduler as it sets it up",
        template:
          "over KServe's own template of the container main, whose command and arguments these take the place of",
      },
    ),
  };
  const kubectl = kubectlFor(options);
  const file = `${name}.llminferenceservice.yaml`;
  const text = formText(pod, [...objectsBeside(pod.bundle), object, podDisruptionBudget(context.identity)], {
    prerequisites: [kserve("llminferenceservices")],
    apply: `kubectl apply -f ${file}`,
    watch: [
      `${kubectl} wait --for=condition=Ready llminferenceservice/${name} --timeout=${startup.rolloutSeconds}s`,
      `${kubectl} logs -f deployment/${name}-kserve -c ${LLM_CONTAINER}`,
    ],
    test: tests(kubectl, `${name}-kserve-workload-svc`, 8000, shellWord(server.servedModel, "MODEL"), "https"),
  });
  return ok({ name, file, text, notes: pod.notes });
}
