import type { Slo } from "../domain";
import type { Demand } from "./demand";
import type { Question, RankedConfiguration, Ranking } from "./types";

/** What is changed until another configuration is first. */
export type Lever =
  | { kind: "slo"; slo: Slo }
  | { kind: "demand" }
  /** The reader's own price of an accelerator for one hour. */
  | { kind: "price"; accelerator: string };

/** The nearest value of one part of a question at which another configuration is the answer. */
export interface Crossover {
  lever: Lever;
  direction: "up" | "down";
  /** The value now: milliseconds, a multiple of the demand (requests/s where none was given), USD/h. */
  from: number;
  /** The value from which on the other one is first. */
  at: number;
  /** The question with that value. */
  question: Question;
  /** What is first then; `null` = nothing meets the question. */
  first: RankedConfiguration | null;
}

/** Multiples of a value that are looked at, the nearest first; between two of them a change that is undone again is not seen. */
const STEPS = [1.1, 1.25, 1.5, 2, 3, 5, 10] as const;
/** Halvings that bring a change to well within a hundredth of its value. */
const HALVINGS = 7;
/** Accelerators whose price is tried down, beside that of the first row, which is tried up. */
const CHALLENGERS = 2;
/** Without a demand cost is that of busy replicas, as at a demand this large. Requests/s. */
const LARGE_DEMAND = 1000;
const SMALL_DEMAND_STEPS = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000] as const;

type Ask = (question: Question) => Ranking;

interface Search {
  lever: Lever;
  direction: Crossover["direction"];
  from: number;
  steps: readonly number[];
  at: (value: number) => Question;
}

function scaledDemand(demand: Demand, by: number): Demand {
  switch (demand.kind) {
    case "requests":
      return { ...demand, requestsPerSecond: demand.requestsPerSecond * by };
    case "people":
      return { ...demand, people: demand.people * by };
    case "requestsPerDay":
      return { ...demand, requestsPerDay: demand.requestsPerDay * by };
    case "tokensPerDay":
      return { ...demand, tokensPerDay: demand.tokensPerDay * by };
    case "day":
      return { ...demand, requestsPerSecondByHour: demand.requestsPerSecondByHour.map((rate) => rate * by) };
  }
}

function withLimit(question: Question, slo: Slo, limitMs: number): Question {
  return { ...question, slos: question.slos.map((item) => (item === slo ? { ...item, limitMs } : item)) };
}

function withOwnPrice(question: Question, accelerator: string, usdPerHour: number): Question {
  const { price } = question;
  const others = price.ownByAccelerator.filter((item) => item.accelerator !== accelerator);
  return { ...question, price: { ...price, ownByAccelerator: [...others, { accelerator, usdPerHour }] } };
}

function priceSearches(question: Question, { ranked }: Ranking): Search[] {
  if (question.rankBy !== "cost") return [];
  const seen = new Set<string>();
  const searches: Search[] = [];
  for (const [index, { curve, cost }] of ranked.entries()) {
    const { accelerator } = curve.configuration;
    if (seen.has(accelerator) || searches.length > CHALLENGERS) continue;
    seen.add(accelerator);
    // One without a price says itself below which price it would win.
    if (cost.kind === "unknown") continue;
    searches.push({
      lever: { kind: "price", accelerator },
      direction: index === 0 ? "up" : "down",
      from: cost.usdPerAcceleratorHour,
      steps: STEPS,
      at: (usd) => withOwnPrice(question, accelerator, usd),
    });
  }
  return searches;
}

function demandSearches(question: Question): Search[] {
  const { demand } = question;
  const lever: Lever = { kind: "demand" };
  if (demand !== null) {
    const at = (by: number): Question => ({ ...question, demand: scaledDemand(demand, by) });
    return (["down", "up"] as const).map((direction) => ({ lever, direction, from: 1, steps: STEPS, at }));
  }
  if (question.stock.length > 0 || question.rankBy !== "cost") return [];
  const at = (requestsPerSecond: number): Question => ({
    ...question,
    demand: { kind: "requests", requestsPerSecond },
  });
  return [{ lever, direction: "down", from: LARGE_DEMAND, steps: SMALL_DEMAND_STEPS, at }];
}

function searchesOf(question: Question, ranking: Ranking): Search[] {
  const targets = question.slos.flatMap((slo) =>
    (["down", "up"] as const).map(
      (direction): Search => ({
        lever: { kind: "slo", slo },
        direction,
        from: slo.limitMs,
        steps: STEPS,
        at: (limitMs) => withLimit(question, slo, limitMs),
      }),
    ),
  );
  return [...targets, ...demandSearches(question), ...priceSearches(question, ranking)];
}

function firstId({ ranked }: Ranking): string | null {
  return ranked[0]?.curve.configuration.configurationId ?? null;
}

/**
 * What would change the answer: for each target, the demand and the prices of the first accelerators, the nearest value in each
 * direction (up to ten times, or a tenth) at which another configuration is first. Yields between questions, because each asks
 * for a whole ranking.
 */
export function* crossovers(ask: Ask, question: Question, ranking: Ranking): Generator<undefined, Crossover[]> {
  const found: Crossover[] = [];
  if (ranking.ranked.length === 0) return found;
  const now = firstId(ranking);
  for (const { lever, direction, from, steps, at } of searchesOf(question, ranking)) {
    let near = from;
    let far: number | null = null;
    for (const step of steps) {
      const value = direction === "up" ? from * step : from / step;
      yield undefined;
      if (firstId(ask(at(value))) !== now) {
        far = value;
        break;
      }
      near = value;
    }
    if (far === null) continue;
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = Math.sqrt(near * far);
      yield undefined;
      if (firstId(ask(at(middle))) === now) near = middle;
      else far = middle;
    }
    // A person reads three digits: the value they read must give what is said.
    for (const value of [roundedAway(far, direction), far]) {
      const changed = at(value);
      yield undefined;
      const then = ask(changed);
      if (firstId(then) === now) continue;
      found.push({ lever, direction, from, at: value, question: changed, first: then.ranked[0] ?? null });
      break;
    }
  }
  return found;
}

const DIGITS = 3;

/** To three digits, away from where the search came from. */
function roundedAway(value: number, direction: Crossover["direction"]): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - DIGITS + 1);
  const rounded = (direction === "up" ? Math.ceil(value / unit) : Math.floor(value / unit)) * unit;
  return Number(rounded.toPrecision(DIGITS));
}

/** All of {@link crossovers} at once. */
export function allCrossovers(ask: Ask, question: Question, ranking: Ranking): Crossover[] {
  const steps = crossovers(ask, question, ranking);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
