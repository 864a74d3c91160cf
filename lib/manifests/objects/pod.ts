import type {
  V1Container,
  V1EnvVar,
  V1PodSpec,
  V1PodTemplateSpec,
  V1TopologySpreadConstraint,
  V1Volume,
} from "@kubernetes/client-node";
import { ARCHITECTURE_LABEL, architectureOf } from "../../catalogue/hosts";
import { collectorOf } from "../monitoring/collectors";
import type { BundleContext } from "../plan/bundle-context";
import { replicaAccelerators } from "../plan/replica-layout";
import { argumentComment } from "../plan/served-weights";
import type { MemberPlan } from "../plan/server-plan";
import { commented } from "../write/commented";
import { resources, sharedMemoryGib } from "./pod-resources";

const PROBE_SECONDS = 10;

/** As llm-d's picker and sidecar know prefill and decode servers. */
export const ROLE_LABEL = "llm-d.ai/role";
const SCRAPE_PREFIX = "prometheus.io/";

/** A pod's part in a replica; the whole server where one pod is one replica. */
export interface PodPart {
  plan: MemberPlan;
  /** Whether it answers requests: it has a port and probes then. */
  serves: boolean;
}

function wholeServer({ server }: BundleContext): PodPart {
  const { command, commandComment } = server;
  return { plan: { command, commandComment, arguments: server.arguments, environment: [] }, serves: true };
}

function environment(context: BundleContext, { plan }: PodPart): V1EnvVar[] {
  const { storage, server, platform, choice, layout } = context;
  return [
    ...storage.environment,
    ...server.environment,
    ...plan.environment,
    ...platform.environment(choice.accelerator, layout),
  ];
}

/** Port and probes of a container that answers requests. */
function serving(
  context: BundleContext,
): Pick<V1Container, "ports" | "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const { server, startup } = context;
  // Behind a proxy the name http is the proxy's.
  const port = server.proxy === undefined ? "http" : "server";
  return {
    ports: [
      { name: port, containerPort: server.proxy?.behindPort ?? server.port, protocol: "TCP" },
      ...(server.ports ?? []),
    ],
    startupProbe: commented(
      {
        httpGet: { path: server.probes.startup, port },
        periodSeconds: PROBE_SECONDS,
        timeoutSeconds: 5,
        failureThreshold: Math.ceil(startup.seconds / PROBE_SECONDS),
      },
      { failureThreshold: startup.derivation },
    ),
    readinessProbe: commented(
      {
        httpGet: { path: server.probes.readiness, port },
        periodSeconds: 5,
        timeoutSeconds: 2,
        failureThreshold: 3,
      },
      { failureThreshold: "a pod that does not answer gets no requests after 15 s" },
    ),
    livenessProbe: commented(
      {
        httpGet: { path: server.probes.liveness, port },
        periodSeconds: PROBE_SECONDS,
        timeoutSeconds: 5,
        failureThreshold: 6,
      },
      { failureThreshold: "a restart costs a model load: be slow to kill" },
    ),
  };
}

/** Workers wait until their leader, which gets the same signal, has answered its requests. */
function preStop({ stop }: BundleContext, part: PodPart): NonNullable<V1Container["lifecycle"]> {
  if (part.serves) {
    return {
      preStop: commented(
        { sleep: { seconds: stop.preStopSeconds } },
        {
          sleep:
            stop.drainSeconds === null
              ? "until the load balancers have let go and requests are finished: SIGTERM would end them"
              : "until the load balancers have let go; then the server finishes its requests",
        },
      ),
    };
  }
  const seconds = stop.preStopSeconds + (stop.drainSeconds ?? 0);
  return {
    preStop: commented(
      { sleep: { seconds } },
      { sleep: "until the leader has finished its requests: it needs this one" },
    ),
  };
}

/** RDMA pins memory, which root may do with one capability more; other users only where the nodes' limit allows it. */
function containerSecurity({ server, options }: BundleContext): NonNullable<V1Container["securityContext"]> {
  const { container, containerComments, pod } = server.user;
  const isRoot = pod.runAsUser === undefined && pod.runAsNonRoot !== true;
  if (options.rdmaResource === null || !isRoot || container.capabilities === undefined) {
    return commented(container, containerComments);
  }
  const { capabilities } = container;
  return commented(
    { ...container, capabilities: { ...capabilities, add: [...(capabilities.add ?? []), "IPC_LOCK"] } },
    {
      ...containerComments,
      capabilities: `${containerComments.capabilities === undefined ? "" : `${containerComments.capabilities}; `}RDMA pins memory past the limit of locked memory: Pod Security level privileged`,
    },
  );
}

function container(context: BundleContext, part: PodPart): V1Container {
  const { server, storage } = context;
  const { plan } = part;
  const values = plan.arguments.map((argument) => argument.value);
  const reasons = plan.arguments.map(argumentComment);
  return commented(
    {
      name: server.name,
      image: server.image.reference,
      imagePullPolicy: "IfNotPresent",
      command: [...plan.command],
      ...(values.length === 0 ? {} : { args: commented(values, reasons) }),
      env: environment(context, part),
      ...(part.serves ? serving(context) : {}),
      lifecycle: preStop(context, part),
      securityContext: containerSecurity(context),
      resources: resources(context),
      volumeMounts: [
        { name: "shm", mountPath: "/dev/shm" },
        ...storage.volumeMounts,
        ...server.volumeMounts,
        ...server.user.writablePaths.map(([name, mountPath]) => ({ name, mountPath })),
      ],
    },
    {
      image: server.image.reason,
      command: plan.commandComment,
      args: [
        server.departures === null
          ? "the source does not say how the server was started: what is not written here stays at its defaults"
          : "as the server was started when it was measured, and what running here needs",
        ...server.leftOut,
      ].join("\n"),
    },
  );
}

function volumes({ layout, storage, server }: BundleContext): V1Volume[] {
  const sharedGib = sharedMemoryGib(layout);
  return [
    commented(
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: `${sharedGib}Gi` } },
      {
        name: `workers talk through shared memory (${
          replicaAccelerators(layout) === 1 ? "one alone: twice what vLLM's guide has" : "as llm-d has it"
        }); counts against the memory limit`,
      },
    ),
    ...storage.volumes,
    ...server.volumes,
    ...server.user.writablePaths.map(([name]) => ({ name, emptyDir: {} })),
  ];
}

/** Whether there may be more than one of these pods: with an autoscaler there may, whatever it starts with. */
function maySpread({ options, scaling, server }: BundleContext): boolean {
  const most = options.autoscaler === "none" ? scaling.minimum : scaling.maximum;
  return most > 1 && server.group === undefined;
}

/** Spreads pods over zones and machines where there is room; prefill and decode servers are each spread on their own. */
function spreadConstraints({ identity, role }: BundleContext): V1TopologySpreadConstraint[] {
  const matchLabels = role === null ? identity.selector : { ...identity.selector, [ROLE_LABEL]: role };
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
  }));
}

/** The server's pod without its labels: one container, its devices, storage and placement. */
function podSpec(context: BundleContext, part: PodPart): V1PodSpec {
  const { placement, stop, server, devices, storage, choice } = context;
  const first = [...storage.initContainers, ...(server.proxy === undefined ? [] : [server.proxy.container])];
  // A claim picks devices, and the image is built for one architecture.
  const nodes = devices.picksNodes
    ? { nodeSelector: { [ARCHITECTURE_LABEL]: architectureOf(choice.accelerator) }, affinity: undefined }
    : placement;
  const selection = nodes.nodeSelector ?? nodes.affinity;
  return commented(
    {
      automountServiceAccountToken: false,
      ...(storage.serviceAccountName === null ? {} : { serviceAccountName: storage.serviceAccountName }),
      enableServiceLinks: false,
      terminationGracePeriodSeconds: stop.graceSeconds,
      securityContext: server.user.pod,
      ...(devices.runtimeClassName === undefined ? {} : { runtimeClassName: devices.runtimeClassName }),
      ...(devices.schedulerName === undefined ? {} : { schedulerName: devices.schedulerName }),
      ...(devices.podClaims.length === 0 ? {} : { resourceClaims: devices.podClaims }),
      ...(nodes.nodeSelector === undefined ? {} : { nodeSelector: nodes.nodeSelector }),
      ...(nodes.affinity === undefined ? {} : { affinity: nodes.affinity }),
      ...(devices.tolerations.length === 0 ? {} : { tolerations: devices.tolerations }),
      ...(maySpread(context) ? { topologySpreadConstraints: spreadConstraints(context) } : {}),
      ...(first.length === 0 ? {} : { initContainers: first }),
      containers: [container(context, part)],
      volumes: volumes(context),
    },
    {
      enableServiceLinks: server.noServiceLinksReason,
      terminationGracePeriodSeconds: stop.derivation,
      securityContext: server.user.comment,
      schedulerName: "picks devices that are connected to each other; the cluster's own scheduler only counts them",
      nodeSelector:
        nodes.nodeSelector === undefined
          ? undefined
          : devices.picksNodes
            ? "what the image is built for; the claim picks the accelerators"
            : placement.comment,
      affinity: nodes.affinity === undefined ? undefined : placement.comment,
      tolerations: selection === undefined && !devices.picksNodes ? placement.comment : undefined,
    },
  );
}

/**
 * The pod template of a bundle.
 * @param labels those of the identity, and what options add
 * @param part of a replica of several pods; left out = the whole server
 */
export function podTemplate(
  context: BundleContext,
  labels: Record<string, string>,
  part: PodPart = wholeServer(context),
): V1PodTemplateSpec {
  const { platform, storage, server, role, options } = context;
  const scraped = "prometheus.io/path" in platform.podAnnotations ? { "prometheus.io/path": server.metricsPath } : {};
  const all = { ...platform.podAnnotations, ...scraped, ...storage.podAnnotations, ...server.podAnnotations };
  // Annotations beside a PodMonitor would have a Prometheus that honours both read every pod twice, and count it twice.
  const byAnnotation = part.serves && server.hasMetrics && collectorOf(options)?.readsAnnotations !== true;
  const annotations = byAnnotation
    ? all
    : Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith(SCRAPE_PREFIX)));
  return {
    metadata: {
      labels: role === null ? labels : { ...labels, [ROLE_LABEL]: role },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: podSpec(context, part),
  };
}
