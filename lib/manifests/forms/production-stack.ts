import type { V1PodSpec, V1Probe } from "@kubernetes/client-node";
import { ok, type Result, refused } from "../../result";
import { sharedMemoryGib } from "../objects/pod-resources";
import type { Choice } from "../plan/choice";
import { settingsStanding } from "../plan/settings-standing";
import { commented, commentsOf, reasonsOf } from "../write/commented";
import { provenance } from "../write/provenance-annotations";
import { kubectlFor, namespaceFlag, shellWord } from "../write/shell-commands";
import { serialize } from "../write/yaml-serializer";
import { type FormText, formHeader, type OnePod, onePod } from "./one-pod";

/** Chart of vllm-project/production-stack whose values these are; its schema has all of them. */
const CHART = "https://vllm-project.github.io/production-stack";
const RELEASE_NAME = "vllm";
/** Release, model, chart and what the chart appends make up names of at most 63 characters. */
const NAME_CHARACTERS = 38;
/** The chart writes these itself. */
const OF_THE_CHART = /^--(?:host|port|tensor-parallel-size)=/;
const NO_PREFIX_CACHING = "--no-enable-prefix-caching";
const PREFIX_CACHING = "--enable-prefix-caching";

/** Node labels as the chart has them. */
function placementOf({ nodeSelector, affinity, tolerations }: V1PodSpec): Record<string, unknown> {
  const matchExpressions = Object.entries(nodeSelector ?? {}).map(([key, value]) => ({
    key,
    operator: "In",
    values: [value],
  }));
  return {
    ...(affinity === undefined ? {} : { affinity }),
    ...(matchExpressions.length === 0 ? {} : { nodeSelectorTerms: [{ matchExpressions }] }),
    ...(tolerations === undefined ? {} : { tolerations }),
  };
}

/** Probes as the chart has them: it asks a port by its number. */
function probeOf(probe: V1Probe | undefined, port: number): Record<string, unknown> {
  if (probe?.httpGet === undefined) return {};
  const { httpGet, periodSeconds, failureThreshold } = probe;
  return commented(
    { initialDelaySeconds: 0, periodSeconds, failureThreshold, httpGet: { path: httpGet.path, port } },
    { failureThreshold: commentsOf(probe).failureThreshold },
  );
}

/** Arguments the chart does not write, each with its reason: all but those it has values for. */
function extraArguments({ container }: OnePod): string[] {
  const all = container.args ?? [];
  const reasons = reasonsOf(all);
  const kept = all.flatMap((value, index) =>
    index === 0 || OF_THE_CHART.test(value) || value === PREFIX_CACHING || value === NO_PREFIX_CACHING
      ? []
      : [{ value, reason: reasons[index] }],
  );
  return commented(
    kept.map(({ value }) => value),
    kept.map(({ reason }) => reason),
  );
}

/** The values of one model. */
function modelSpec(pod: OnePod): Record<string, unknown> {
  const { context, container, spec, name, template } = pod;
  const { server, scaling, layout, storage, startup } = context;
  const [repository = "", tag = ""] = splitReference(server.image.reference);
  const own = new Set(["HF_HOME"]);
  const home = container.env?.find((variable) => variable.name === "HF_HOME")?.value;
  const volumes = (spec.volumes ?? []).filter((volume) => volume.name !== "shm");
  const mounts = (container.volumeMounts ?? []).filter((mount) => mount.name !== "shm");
  const podAnnotations = template.metadata?.annotations;
  return commented(
    {
      name,
      annotations: provenance(context.choice, layout, settingsStanding(context)),
      ...(podAnnotations === undefined ? {} : { podAnnotations }),
      podLabels: context.identity.labels,
      repository,
      tag,
      modelURL: container.args?.[0] ?? "",
      replicaCount: scaling.minimum,
      resources: container.resources ?? {},
      shmSize: `${sharedMemoryGib(layout)}Gi`,
      vllmConfig: {
        tensorParallelSize: layout.tensor,
        enablePrefixCaching: container.args?.includes(NO_PREFIX_CACHING) !== true,
        extraArgs: extraArguments(pod),
      },
      env: [
        ...(container.env ?? []).filter((variable) => !own.has(variable.name)),
        ...(home === undefined ? [] : [{ name: "HF_HUB_CACHE", value: `${home}/hub` }]),
      ],
      ...(mounts.length === 0 ? {} : { extraVolumes: volumes, extraVolumeMounts: mounts }),
      ...(storage.serviceAccountName === null ? {} : { serviceAccountName: storage.serviceAccountName }),
      ...placementOf(spec),
    },
    {
      tag: server.image.reason,
      replicaCount: scaling.minimumReason,
      vllmConfig: "the chart turns the cache of prefixes off where it is not told otherwise",
      env: `the chart sets HF_HOME itself; start-up may take ${startup.seconds / 60} minutes`,
    },
  );
}

/** `repository:tag`; a registry may have a port. */
function splitReference(reference: string): [repository: string, tag: string] {
  const colon = reference.lastIndexOf(":");
  return [reference.slice(0, colon), reference.slice(colon + 1)];
}

/**
 * Values for the Helm chart of vLLM's production stack, which makes Deployment, Service and router of them. Refused, with the
 * reason, where the chart has no words for what is deployed.
 */
export function productionStackText(choice: Choice): Result<FormText> {
  const made = onePod(choice, "vLLM's production stack", NAME_CHARACTERS);
  if (!made.ok) return made;
  const pod = made.value;
  const { context, container, spec, name } = pod;
  const { server, startup, stop, options, devices, storage } = context;
  if (server.name !== "vllm") {
    return refused(
      `vLLM's production stack starts vllm serve and nothing else: for ${server.label} take the manifest.`,
    );
  }
  if (container.command?.join(" ") !== "vllm serve") {
    return refused(
      `vLLM's production stack starts vllm serve, and ${server.image.reference} is started by ${container.command?.join(" ")}: take the manifest.`,
    );
  }
  if (devices.podClaims.length > 0) {
    return refused("The chart of vLLM's production stack has no resource claims: choose device plugins.");
  }
  if (
    storage.initContainers.length > 0 ||
    devices.runtimeClassName !== undefined ||
    devices.schedulerName !== undefined
  ) {
    return refused(
      "The pod needs a container before it, a runtime class or a scheduler of its own, which the chart of vLLM's production stack sets up in its own way: take the manifest.",
    );
  }
  const file = `${name}.production-stack.yaml`;
  const values = {
    servingEngineSpec: commented(
      {
        enableEngine: true,
        runtimeClassName: "",
        containerPort: server.port,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        imagePullPolicy: "IfNotPresent",
        securityContext: spec.securityContext ?? {},
        containerSecurityContext: container.securityContext ?? {},
        startupProbe: probeOf(container.startupProbe, server.port),
        readinessProbe: probeOf(container.readinessProbe, server.port),
        livenessProbe: probeOf(container.livenessProbe, server.port),
        modelSpec: [modelSpec(pod)],
      },
      {
        runtimeClassName: "the chart's default, nvidia, is a class many clusters do not have",
        strategy: "a surge pod would need spare accelerators; without them the rollout hangs",
        securityContext: server.user.comment,
      },
    ),
  };
  const withObjects = pod.bundle.nodes.objects.length + storage.addOn.objects.length > 0;
  const notes = [
    ...pod.notes,
    `The chart has no preStop and no grace period: at a rollout requests that take longer than 30 s are cut off (the manifest leaves ${stop.graceSeconds} s).`,
    "The chart's router spreads requests round robin; the measurement had none.",
    ...(withObjects
      ? [
          "What makes the nodes, and classes and volumes of the storage, are not in the chart: apply those of the manifest first.",
        ]
      : []),
  ];
  const kubectl = kubectlFor(options);
  const header = formHeader(
    { ...pod, notes },
    {
      prerequisites: [
        {
          what: "Helm 3 with the chart's repository:",
          check: null,
          install: [`helm repo add vllm ${CHART}`, "helm repo update vllm"],
        },
      ],
      apply: `helm upgrade --install ${RELEASE_NAME} vllm/vllm-stack${namespaceFlag(options)} -f ${file}`,
      watch: [
        `${kubectl} rollout status deployment/${RELEASE_NAME}-${name}-deployment-vllm --timeout=${startup.rolloutSeconds}s`,
        `${kubectl} logs -f deployment/${RELEASE_NAME}-${name}-deployment-vllm`,
      ],
      test: [
        `${kubectl} port-forward service/${RELEASE_NAME}-router-service 8000:80`,
        "curl -s http://localhost:8000/v1/models",
        `curl -s http://localhost:8000/v1/completions -H 'Content-Type: application/json' -d '{"model": "${shellWord(server.servedModel, "MODEL")}", "prompt": "Kubernetes is", "max_tokens": 32}'`,
      ],
    },
  );
  return ok({ name, file, text: serialize([values], header), notes });
}
