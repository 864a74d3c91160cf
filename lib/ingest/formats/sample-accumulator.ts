import type { LatencyStatistics } from "../../measurement/latency";
import { percentile } from "./percentiles";

/** Values kept as they are (64 MB); files with more are counted in a histogram from there on. */
const MAX_EXACT_SAMPLES = 8_000_000;

/** Largest relative error of a percentile once values are counted instead of kept. */
export const HISTOGRAM_RELATIVE_ERROR = 0.001;

const FIRST_CAPACITY = 1024;

/**
 * Ratio of a bucket's upper to its lower bound: with the harmonic middle as its value no member is further off than the
 * error (DDSketch, Masson et al. 2019, section 2.2); a hundredth narrower, so that rounding cannot pass it.
 */
const BUCKET_RATIO = (1 + 0.99 * HISTOGRAM_RELATIVE_ERROR) / (1 - 0.99 * HISTOGRAM_RELATIVE_ERROR);
const LOG_BUCKET_RATIO = Math.log(BUCKET_RATIO);

/**
 * Collects the values of one latency (of any unit, 0 or more) however many there are, for their mean and percentiles: exact up
 * to `MAX_EXACT_SAMPLES` values, beyond that percentiles within `HISTOGRAM_RELATIVE_ERROR` (mean exact throughout).
 */
export class SampleAccumulator {
  /** Values taken. */
  count = 0;
  /** Values no measurement can have (negative, NaN, infinite), left out. */
  refused = 0;
  #kept: Float64Array | null = new Float64Array(FIRST_CAPACITY);
  #buckets = new Map<number, number>();
  #zeros = 0;
  #smallest = Number.POSITIVE_INFINITY;
  #largest = 0;
  #sum = 0;
  #compensation = 0;
  readonly #exactLimit: number;

  /** `exactLimit`: how many values are kept before they are counted instead. */
  constructor(exactLimit = MAX_EXACT_SAMPLES) {
    this.#exactLimit = exactLimit;
  }

  /** Takes one value; what no measurement can be is counted in `refused` and left out. */
  add(value: number): void {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      this.refused += 1;
      return;
    }
    this.#addToSum(value);
    if (value < this.#smallest) this.#smallest = value;
    if (value > this.#largest) this.#largest = value;
    if (this.#kept !== null && this.count >= this.#exactLimit) this.#startCounting(this.#kept);
    if (this.#kept === null) this.#countValue(value);
    else this.#keep(this.#kept, value);
    this.count += 1;
  }

  /** Sum of all values, in their own unit. */
  get sum(): number {
    return this.#sum + this.#compensation;
  }

  /**
   * Mean and percentiles (linear between neighbours, numpy's default) in milliseconds, one unit of the values being
   * `msPerUnit` milliseconds; `null` where there are no values or all are 0. `approximate`: the percentiles are those of the
   * histogram; the caller flags them.
   */
  statisticsMs(msPerUnit: number): { statistics: LatencyStatistics | null; approximate: boolean } {
    const approximate = this.#kept === null;
    if (this.count === 0 || this.sum === 0) return { statistics: null, approximate };
    const percentileOf = this.#kept === null ? this.#histogramPercentiles() : this.#exactPercentiles(this.#kept);
    return {
      statistics: {
        mean: (this.sum / this.count) * msPerUnit,
        p50: percentileOf(0.5) * msPerUnit,
        p90: percentileOf(0.9) * msPerUnit,
        p95: percentileOf(0.95) * msPerUnit,
        p99: percentileOf(0.99) * msPerUnit,
      },
      approximate,
    };
  }

  /** Compensated summation (Neumaier 1974): the mean of millions of small values keeps its digits. */
  #addToSum(value: number): void {
    const total = this.#sum + value;
    this.#compensation += this.#sum >= value ? this.#sum - total + value : value - total + this.#sum;
    this.#sum = total;
  }

  #keep(kept: Float64Array, value: number): void {
    let values = kept;
    if (this.count === values.length) {
      values = new Float64Array(Math.min(values.length * 2, this.#exactLimit));
      values.set(kept);
      this.#kept = values;
    }
    values[this.count] = value;
  }

  #startCounting(kept: Float64Array): void {
    for (const value of kept.subarray(0, this.count)) this.#countValue(value);
    this.#kept = null;
  }

  #countValue(value: number): void {
    if (value === 0) {
      this.#zeros += 1;
      return;
    }
    const bucket = Math.ceil(Math.log(value) / LOG_BUCKET_RATIO);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  #exactPercentiles(kept: Float64Array): (share: number) => number {
    // Sorted in place: their order carries nothing, a copy would double the memory.
    const ordered = kept.subarray(0, this.count).sort();
    return (share) => percentile(ordered, share);
  }

  #histogramPercentiles(): (share: number) => number {
    const buckets = [...this.#buckets].sort(([left], [right]) => left - right);
    const valueAt = (rank: number): number => {
      let below = this.#zeros;
      if (rank < below) return 0;
      for (const [bucket, members] of buckets) {
        below += members;
        if (rank < below) {
          const middle = (2 * BUCKET_RATIO ** bucket) / (1 + BUCKET_RATIO);
          return Math.min(Math.max(middle, this.#smallest), this.#largest);
        }
      }
      return this.#largest;
    };
    return (share) => {
      const position = (this.count - 1) * share;
      const lower = Math.floor(position);
      const low = valueAt(lower);
      return low + (valueAt(Math.min(lower + 1, this.count - 1)) - low) * (position - lower);
    };
  }
}
