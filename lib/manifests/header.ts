import { formatLatency, formatNumber, formatUsd } from "../format";
import { METRIC_LABELS, STATISTIC_LABELS } from "../words";
import { operatingPointText } from "./annotations";
import type { Scaling } from "./autoscaling";
import type { ReplicaLayout } from "./layout";
import type { Platform } from "./platforms/platform";
import { NODE_AND_IMAGE_SECONDS, type StartupBudget } from "./timing";
import type { Choice } from "./types";

/** Names a shell takes as one word; any other is left for the reader to fill in. */
const SHELL_SAFE = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/;

function targets(choice: Choice): string {
  if (choice.slos.length === 0) return "no latency targets";
  return choice.slos
    .map((slo) => `${METRIC_LABELS[slo.metric]} ${STATISTIC_LABELS[slo.statistic]} ≤ ${formatLatency(slo.limitMs)}`)
    .join(", ");
}

/**
 * The comment on top of a bundle: what it is, what it needs, and the commands to apply, watch and test it. Lines that
 * begin with a blank are commands.
 */
export function header(
  name: string,
  choice: Choice,
  layout: ReplicaLayout,
  platform: Platform,
  scaling: Scaling,
  startup: StartupBudget,
  notes: readonly string[],
): string {
  const { configuration, operatingPoint: point, workload, cost } = choice;
  const model = SHELL_SAFE.test(configuration.model) ? configuration.model : "MODEL";
  const together = layout.measuredReplicas === 1 ? "" : ` by ${layout.measuredReplicas} replicas together`;
  const basis = point.throughputBasis === "derived" ? "derived by Little's law" : "measured";
  const atLeast = point.kind === "atLeast" ? "at least " : "";
  const rolloutSeconds = startup.seconds + NODE_AND_IMAGE_SECONDS;
  const gated = choice.model?.gated !== false;
  const secret = `  kubectl create secret generic hf-token --from-literal=token=YOUR_HUGGING_FACE_TOKEN`;
  return [
    `${configuration.model} on ${layout.accelerators} × ${choice.accelerator.name} with vLLM, made by Inference Quickstart.`,
    `Predicted: ${atLeast}${formatNumber(point.outputTokensPerSecond)} output tokens/s${together} (${point.kind === "interpolated" ? "interpolated" : basis}) for workload ${workload.workloadId}, ${targets(choice)}.`,
    `Operating point: ${operatingPointText(point)}.`,
    cost.kind === "known"
      ? `Cost: ${formatUsd(cost.usdPerMillionOutputTokens)} per million output tokens.`
      : `Cost: unknown (${cost.reason}).`,
    choice.shareUrl === null
      ? `Dataset revision ${choice.revision}; where each number comes from stands in the annotations of the Deployment.`
      : `The figures behind it: ${choice.shareUrl}`,
    ...(notes.length === 0 ? [] : ["", "Please note", ...notes.map((note) => `- ${note}`)]),
    "",
    "Before",
    ...platform.prerequisites(scaling.metric).map((line) => (line.startsWith(" ") ? line : `- ${line}`)),
    gated
      ? "- A Hugging Face token in a Secret, from an account that has accepted the model's licence where it is gated:"
      : "- The model needs no Hugging Face token. One raises the download limits:",
    secret,
    "",
    "Apply, watch (a first start may take as long as the startup probe allows: up to " +
      `${formatNumber(startup.seconds / 60)} minutes), test`,
    `  kubectl apply -f ${name}.yaml`,
    `  kubectl rollout status deployment/${name} --timeout=${rolloutSeconds}s`,
    `  kubectl logs -f deployment/${name}`,
    `  kubectl describe hpa ${name}`,
    `  kubectl port-forward service/${name} 8000:8000`,
    "  curl -s http://localhost:8000/v1/models",
    `  curl -s http://localhost:8000/v1/completions -H 'Content-Type: application/json' -d '{"model": "${model}", "prompt": "Kubernetes is", "max_tokens": 32}'`,
  ].join("\n");
}
