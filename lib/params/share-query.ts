import { type ExplorerQuery, parseExplorerQuery } from "./explorer-params";
import { type RawParams, rawParams } from "./param";

/**
 * What links left out before they stored the whole question. These words are part of links people keep: they stay as they are,
 * whatever the defaults of a later release.
 */
const LEFT_OUT: RawParams = {
  buy: "0",
  // Nobody asked yet how many requests failed.
  failed: "100",
  speculative: "any",
  newest: "0",
  ratio: "4",
  "cached-price": "10",
  currency: "USD:1",
  headroom: "20",
  price: "on_demand",
  rank: "cost",
  measured: "0",
  outliers: "0",
  estimates: "1",
  knee: "0.95",
  x: "accelerator",
  scale: "auto",
  all: "0",
};

/**
 * The question of a share link.
 * @param stored search string without `?`, as the link stores it
 */
export function readShareQuery(stored: string): ExplorerQuery {
  return parseExplorerQuery({ ...LEFT_OUT, ...rawParams(new URLSearchParams(stored)) }).query;
}
