import { formatNumber, formatPercent } from "../../format";
import type { PointCheck } from "./check";

/** Share of the input from which on the cache shows in the latencies. */
const SOME_CACHED = 0.05;
/** Made-up prompts share next to nothing: such a share of hits is of prompts that were sent before. */
const REPEATED = 0.2;
const MADE_UP = /^random/;

export const inputWasComputed: PointCheck = {
  flag: "input_from_cache",
  consequence: "note",
  asks: "Was the input computed, not read from a cache?",
  tolerance: "5% of the input tokens",
  source: "TTFT and input tokens/s are then those of a shorter prompt",
  find({ measurement }) {
    const { cachedInputShare } = measurement;
    if (cachedInputShare === null || cachedInputShare < SOME_CACHED) return null;
    return { reason: `${formatPercent(cachedInputShare)} of the input came from the prefix cache` };
  },
};

export const promptsWereNew: PointCheck = {
  flag: "cache_hits_on_random_prompts",
  consequence: "doubt",
  asks: "Were made-up prompts new to the server?",
  tolerance: "20% of their tokens from the cache",
  source:
    "prompts of random tokens share nothing: the same ones had been sent before, and TTFT is that of a warm cache",
  find({ measurement, setup }) {
    const { cachedInputShare } = measurement;
    if (setup === null || cachedInputShare === null || cachedInputShare < REPEATED) return null;
    if (!MADE_UP.test(setup.workload.dataset ?? "")) return null;
    return { reason: `${formatPercent(cachedInputShare)} of random prompts came from the prefix cache` };
  },
};

/** One token a step is no speculation; above it by more than rounding, something was accepted. */
const ACCEPTED_SOME = 1.05;

export const speculationIsStated: PointCheck = {
  flag: "speculation_not_stated",
  consequence: "note",
  asks: "Does the configuration say that it decodes speculatively, where tokens were accepted?",
  tolerance: "1.05 tokens a step",
  source: "the same configuration without speculative decoding is slower: the two must not be one curve",
  find({ measurement, setup }) {
    const { acceptanceLength } = measurement;
    if (setup === null || acceptanceLength === null || acceptanceLength < ACCEPTED_SOME) return null;
    if (setup.configuration.speculative !== null) return null;
    return {
      reason: `${formatNumber(acceptanceLength)} tokens were accepted a step, no speculative decoding is stated`,
    };
  },
};
