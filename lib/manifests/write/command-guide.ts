import { formatNumber } from "../../format";
import { AUTOSCALER_KINDS } from "../autoscalers/all";
import { GATEWAY_KINDS } from "../gateways/all";
import { installRouter, valuesFile } from "../helm/chart";
import { frontendService } from "../objects/dynamo-graph-deployment";
import { suffixed } from "../objects/kubernetes-names";
import type { Prerequisite } from "../plan/add-on";
import type { BundleContext } from "../plan/bundle-context";
import { CURL_IMAGE, kubectlFor, shellWord } from "./shell-commands";

export const STEP_IDS = ["namespace", "secret", "router", "replicas", "apply", "watch", "test", "benchmark"] as const;
export type StepId = (typeof STEP_IDS)[number];

/** One step of a deployment, as commands. */
export interface CommandStep {
  id: StepId;
  /** A few words. */
  title: string;
  /** One sentence on what the step is for. */
  why: string;
  /** Lines for a shell, in order. */
  lines: readonly string[];
  /** True where it comes before the manifest is applied. */
  before: boolean;
}

/** What a person does with a bundle, in order. */
export interface Guide {
  prerequisites: readonly Prerequisite[];
  steps: readonly CommandStep[];
}

/** How long a first start may take, as a phrase. */
export function patience({ startup }: BundleContext): string {
  return `a first start may take as long as the startup probe allows: up to ${formatNumber(startup.seconds / 60)} minutes`;
}

/** `kubectl apply` of a file or an address. */
export function applyFile(file: string): string {
  return `kubectl apply -f ${file}`;
}

/** `kubectl apply` of a platform's overlay in the tree of a bundle, seen from the folder that holds the tree. */
export function applyOverlay(name: string, platform: string): string {
  return `kubectl apply -k ${name}/overlays/${platform}`;
}

/** A request for the first answer. @param target quoted for a shell where it has to be */
function completion(target: string, model: string): string {
  return `-s ${target}/v1/completions -H 'Content-Type: application/json' -d '{"model": "${model}", "prompt": "Kubernetes is", "max_tokens": 32}'`;
}

/** What Pod Security level restricted asks of a pod; level baseline and none take it too. */
const TEST_POD = JSON.stringify({
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "gateway-test",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
      },
    ],
  },
});

/** The same request by way of the gateway, from inside the cluster: internal addresses answer there too. */
function gatewayTest({ options, identity }: BundleContext, kubectl: string, model: string): string[] {
  if (options.gateway === "none") return [];
  const address = `$(${kubectl} get gateway ${identity.name} -o jsonpath='{.status.addresses[0].value}')`;
  return [
    `${kubectl} run gateway-test --rm -i --restart=Never --override-type=strategic --overrides='${TEST_POD}' --image=${CURL_IMAGE} -- ${completion(`"http://${address}"`, model)}`,
  ];
}

/** `kubectl get` of what routes requests, by the names it has here. */
function routingLines({ options: { gateway }, identity: { name }, release }: BundleContext, kubectl: string): string[] {
  const { chart } = GATEWAY_KINDS[gateway];
  if (chart === null) return [];
  if (release === undefined) return [`${kubectl} get gateway,httproute,inferencepool ${name}`];
  const route = chart.route ? release : name;
  return [`${kubectl} get gateway/${name} httproute/${route} inferencepool/${release}`];
}

function secretStep({ choice }: BundleContext, kubectl: string): CommandStep {
  return {
    id: "secret",
    title: "Secret",
    why:
      choice.model?.gated !== false
        ? "A Hugging Face token in a Secret, from an account that has accepted the model's licence where it is gated:"
        : "The model needs no Hugging Face token. One raises the download limits:",
    lines: [`${kubectl} create secret generic hf-token --from-literal=token=YOUR_HUGGING_FACE_TOKEN`],
    before: true,
  };
}

/** Replicas that stood in the file last applied would be reset to 1 by one without: the object must forget that file first. */
function replicasStep({ target, prefill }: BundleContext, kubectl: string): CommandStep {
  const kind = target.kind === "Deployment" ? "deployment" : "leaderworkerset";
  const names = [...(prefill === null ? [] : [prefill.target.name]), target.name];
  return {
    id: "replicas",
    title: "Replicas",
    why: "Only where it runs already without an autoscaler: its file stated replicas, this one leaves them to the autoscaler, and kubectl apply would drop them to 1 in between. Have it forget that file:",
    lines: names.map((name) => `${kubectl} annotate ${kind}/${name} kubectl.kubernetes.io/last-applied-configuration-`),
    before: true,
  };
}

/** From the wait for the rollout to a look at what the options added. */
function watchLines(context: BundleContext, kubectl: string): string[] {
  const { options, identity, startup, target, prefill, server } = context;
  const { name } = identity;
  const timeout = `--timeout=${startup.rolloutSeconds}s`;
  if (target.kind === "DynamoGraphDeployment") {
    return [
      `${kubectl} wait --for=condition=Ready dynamographdeployment/${target.name} ${timeout}`,
      `${kubectl} get pods -l app.kubernetes.io/instance=${name}`,
      `${kubectl} logs -f -l app.kubernetes.io/instance=${name},app.kubernetes.io/component=model-server -c main --prefix`,
    ];
  }
  const isDeployment = target.kind === "Deployment";
  const scaler = AUTOSCALER_KINDS[options.autoscaler].object;
  return [
    ...(isDeployment && prefill !== null
      ? [`${kubectl} rollout status deployment/${prefill.target.name} ${timeout}`]
      : []),
    isDeployment
      ? `${kubectl} rollout status deployment/${target.name} ${timeout}`
      : `${kubectl} wait --for=condition=Available leaderworkerset/${target.name} ${timeout}`,
    ...(scaler === null ? [] : [`${kubectl} describe ${scaler.resource} ${name}`]),
    ...routingLines(context, kubectl),
    // Of a group, the leader of the first replica. Last: it ends when the reader ends it.
    isDeployment
      ? `${kubectl} logs -f deployment/${target.name}${prefill === null ? "" : ` -c ${server.name}`}`
      : `${kubectl} logs -f ${target.name}-0`,
  ];
}

/** Through the Service and the gateway; through the gateway alone where servers answer no request that did not come that way. */
function testStep(context: BundleContext, kubectl: string): CommandStep {
  const { identity, server, options } = context;
  const model = shellWord(server.servedModel, "MODEL");
  const step = { id: "test", title: "Test", before: false } as const;
  const throughGateway = gatewayTest(context, kubectl, model);
  if (server.proxy?.answersAlone === false) {
    return { ...step, why: "Through the gateway, from a pod.", lines: throughGateway };
  }
  const why = "The first command keeps running; the others go into a second terminal.";
  return {
    ...step,
    why: options.gateway === "none" ? why : `${why} The last one goes through the gateway, from a pod.`,
    lines: [
      `${kubectl} port-forward service/${server.operator === undefined ? identity.name : frontendService(identity.name)} 8000:8000`,
      "curl -s http://localhost:8000/v1/models",
      `curl ${completion("http://localhost:8000", model)}`,
      ...throughGateway,
    ],
  };
}

function benchmarkStep({ identity, startup, choice }: BundleContext, kubectl: string): CommandStep {
  const job = suffixed(identity.name, "bench");
  const sent = choice.shareUrl !== null && /^https?:/.test(choice.shareUrl);
  return {
    id: "benchmark",
    title: "Benchmark",
    why: "The Job starts by itself when the server is ready; wait for it, then read what it sent or printed.",
    lines: [
      `${kubectl} wait --for=condition=complete job/${job} --timeout=${startup.rolloutSeconds + BENCHMARK_WAIT_SECONDS}s`,
      sent
        ? `${kubectl} logs job/${job} -c report`
        : `${kubectl} logs job/${job} -c report | base64 -d > ${job}.tar.gz`,
    ],
    before: false,
  };
}

/** An hour: the Job's own deadline ends it earlier or later. */
const BENCHMARK_WAIT_SECONDS = 3600;

/**
 * Prerequisites and commands of a bundle, in order. The same lines stand in the manifest's header, in the tree's README and
 * on the page.
 * @param added prerequisites of the options, after the platform's own
 * @param apply the command that applies the bundle in the form at hand
 */
export function guide(context: BundleContext, added: readonly Prerequisite[], apply: string): Guide {
  const { choice, platform, options, storage, identity } = context;
  const kubectl = kubectlFor(options);
  const steps: CommandStep[] = [];
  if (options.namespace !== null) {
    steps.push({
      id: "namespace",
      title: "Namespace",
      why: "The namespace everything here goes into, if there is none yet:",
      lines: [`kubectl create namespace ${options.namespace}`],
      before: true,
    });
  }
  if (storage.usesHub) steps.push(secretStep(context, kubectl));
  if (context.release !== undefined) {
    steps.push({
      id: "router",
      title: "Router",
      why: "Pool and endpoint picker, from llm-d's chart:",
      lines: [installRouter(context, valuesFile(identity.name))],
      before: true,
    });
  }
  if (AUTOSCALER_KINDS[options.autoscaler].object !== null) steps.push(replicasStep(context, kubectl));
  steps.push(
    { id: "apply", title: "Apply", why: "Sends the objects to the cluster.", lines: [apply], before: false },
    {
      id: "watch",
      title: "Watch",
      why: `Until the server answers; ${patience(context)}. Its log meanwhile: the last command, in a second terminal.`,
      lines: watchLines(context, kubectl),
      before: false,
    },
    testStep(context, kubectl),
  );
  if (options.benchmarkJob) steps.push(benchmarkStep(context, kubectl));
  return { prerequisites: [...platform.prerequisites(options, choice.accelerator), ...added], steps };
}
