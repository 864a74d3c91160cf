import type { V1EnvVar } from "@kubernetes/client-node";
import { isTrainium } from "../../catalogue/hosts";
import { formatCount } from "../../format";
import { ok, type Result, refused } from "../../result";
import type { Deployable } from "../plan/choice";
import type { Argument } from "../plan/served-weights";
import { CACHE_PATH } from "../storage/cache";
import { commented } from "../write/commented";
import { maximumLength, SEQUENCE_HEADROOM, VLLM_LENGTH } from "./length-flags";
import { isOverriddenOnNeuron } from "./model-facts";
import type { ServerRequest } from "./server";
import { isAtLeast, type Release, type ServerImage } from "./server-image";
import { serverImage } from "./vllm-image";
import type { RuntimePart } from "./vllm-runtime-part";

/** From here on AWS's plugin compiles models by itself, for Trainium2 and later; before, it used the library NxD Inference. */
const OWN_COMPILER_SINCE: Release = { major: 0, minor: 21, patch: 0 };
/** Older releases are a fork of vLLM instead of a plugin: they must be given their library, and cache no prefixes. */
const PLUGIN_SINCE: Release = { major: 0, minor: 11, patch: 0 };

const SIXTEEN_BIT = /^(?:bf16|bfloat16|fp16|float16|half)/i;
const SIXTEEN_OR_EIGHT_BIT = /^(?:bf16|bfloat16|fp16|float16|half|fp8)/i;

/** Why vLLM cannot be written for this configuration on Neuron; `null` if it can. */
export function neuronRefusal({ accelerator, configuration }: Deployable): string | null {
  const image = serverImage(configuration, accelerator);
  if (!image.ok) return image.error;
  const { speculative, precision, model } = configuration;
  const own = isAtLeast(image.value.release, OWN_COMPILER_SINCE);
  const isFirstTrainium = accelerator.hardware?.architecture === "trainium1";
  if (own && (!isTrainium(accelerator) || isFirstTrainium)) {
    return `AWS builds vLLM ${image.value.tag} for Trainium2 and later; ${accelerator.name} is served by releases up to 0.16: check the version of the measurement.`;
  }
  if (speculative !== null && speculative !== "" && speculative !== "none") {
    return `Measured with speculative decoding ("${speculative}"); on ${accelerator.shortName} its draft model is compiled with the server, and which one was used is not recorded.`;
  }
  if (precision !== null && !(own ? SIXTEEN_OR_EIGHT_BIT : SIXTEEN_BIT).test(precision)) {
    return `Measured at ${precision}; vLLM ${image.value.tag} on ${accelerator.shortName} quantises by settings of its compiler, which the measurement does not record: choose a configuration at 16 bits${own ? " or with an FP8 checkpoint" : ""}.`;
  }
  if (own && isOverriddenOnNeuron("vllm", model)) {
    return `AWS's recipe starts ${model} with overrides of its quantisation and sampling (--hf-overrides, --additional-config) that change from release to release and are not recorded: deploy by hand with the recipe of ${image.value.tag}.`;
  }
  return null;
}

const SEQUENCE_STEP = 4;

/**
 * The batch and the length programs are compiled for, from the operating point and the workload. Unlike on GPUs these are
 * no limits that cost nothing: they are the work done each step, so without them there is no server to write.
 */
function shapes(request: ServerRequest): Result<{ sequences: Argument; length: Argument }> {
  const { choice, inFlight } = request;
  const { shortName } = choice.accelerator;
  if (inFlight === null) {
    return refused(
      `vLLM on ${shortName} compiles its programs for one batch size (--max-num-seqs), and how many requests were in flight is not known: choose an operating point whose load is.`,
    );
  }
  const length = maximumLength(request, VLLM_LENGTH).argument;
  if (length === null) {
    return refused(
      `vLLM on ${shortName} compiles its programs for one longest request (--max-model-len), and the workload's lengths are not known: choose a workload whose lengths are.`,
    );
  }
  const sequences = Math.ceil((inFlight * SEQUENCE_HEADROOM) / SEQUENCE_STEP) * SEQUENCE_STEP;
  return ok({
    sequences: {
      origin: "choice",
      value: `--max-num-seqs=${sequences}`,
      why: `the batch that is compiled: ${formatCount(inFlight)} requests in flight at the operating point and a quarter more, in steps of ${SEQUENCE_STEP}; the measured value is not recorded`,
    },
    length: { ...length, why: `${length.why}. It is compiled too: longer takes more memory for each request` },
  });
}

/** AWS's guide turns prefix caching off where the KV cache is one block a request. */
const NO_PREFIX_CACHING: Argument = {
  origin: "choice",
  value: "--no-enable-prefix-caching",
  why: "as in AWS's guide: sharing prefixes needs another layout of the KV cache here, and whether it was measured is not recorded",
};

/** Where programs are kept and how long compiling may take. @param key a path segment for the shapes */
function environment(image: ServerImage, key: string, startupSeconds: number): V1EnvVar[] {
  if (isAtLeast(image.release, OWN_COMPILER_SINCE)) {
    return [
      commented(
        { name: "VLLM_NEURON_COMPILATION_TIMEOUT", value: String(startupSeconds) },
        { name: "compiling may take as long as the startup probe allows; 600 s by default" },
      ),
      { name: "VLLM_EXECUTE_MODEL_TIMEOUT_SECONDS", value: String(startupSeconds) },
    ];
  }
  return [
    commented(
      { name: "NEURON_COMPILED_ARTIFACTS", value: `${CACHE_PATH}/neuron/${image.tag}/${key}` },
      {
        name: "compiled programs, kept when the container restarts; a path for each shape, because the server takes what it finds there whatever its flags say",
      },
    ),
    ...(isAtLeast(image.release, PLUGIN_SINCE)
      ? []
      : [{ name: "VLLM_NEURON_FRAMEWORK", value: "neuronx-distributed-inference" }]),
  ];
}

/** The number in `--flag=number`. */
function numberOf({ value }: Argument): string {
  return value.slice(value.indexOf("=") + 1);
}

/** What Neuron adds to the server, or why it cannot be written. */
export function neuronPart(request: ServerRequest, image: ServerImage): Result<RuntimePart> {
  const { layout, choice } = request;
  const { shortName } = choice.accelerator;
  if (layout.pipeline > 1 || layout.data > 1 || layout.expertParallel) {
    return refused(
      `vLLM on ${shortName} is written for tensor parallelism alone; measured with pipeline ${layout.pipeline}, data ${layout.data} and expert ${layout.expert} parallel.`,
    );
  }
  const compiled = shapes(request);
  if (!compiled.ok) return compiled;
  const { sequences, length } = compiled.value;
  const oneBlock = isAtLeast(image.release, PLUGIN_SINCE) && !isAtLeast(image.release, OWN_COMPILER_SINCE);
  const key = `tp${layout.tensor}-seqs${numberOf(sequences)}-len${numberOf(length)}`;
  return ok({
    sizes: [length, sequences],
    arguments: oneBlock ? [NO_PREFIX_CACHING] : [],
    environment: environment(image, key, request.startupSeconds),
    notes: [
      `${shortName} runs programs compiled for a batch of ${formatCount(Number(numberOf(sequences)))} requests of at most ${formatCount(Number(numberOf(length)))} tokens. What the measurement was compiled for is not recorded: other sizes are faster or slower.`,
      ...(request.options.autoscaler === "none"
        ? []
        : [
            "A new pod compiles its programs before it serves, which may take as long as its startup probe allows: the autoscaler's help comes that late. Plan replicas for the peak.",
          ]),
      ...(choice.accelerator.hardware?.serverDevices === 4
        ? ["Tensor parallelism counts logical NeuronCores of two physical ones (LNC 2, the default), four a chip."]
        : []),
    ],
  });
}
