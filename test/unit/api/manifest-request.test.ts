import { describe, expect, it } from "vitest";
import { parseManifestRequest } from "../../../lib/api/manifest-request";
import { parseShareRequest } from "../../../lib/api/share-request";
import { EXPLORER_PARAM_NAMES, serializeExplorerQuery } from "../../../lib/params/explorer-params";

const ask = (search: string) => parseManifestRequest(new URLSearchParams(search));

describe("the address of manifests", () => {
  it("says configuration, question, options and form", () => {
    const asked = ask(
      "configuration=l4-x1&workload=random-1024-128&slo=tpot:mean:50&slo=ttft:p95:500&platform=eks&bench=1&output=zip&rev=3",
    );
    expect(asked).toMatchObject({
      ok: true,
      value: {
        configurationId: "l4-x1",
        query: { workload: "random-1024-128", slos: [{ metric: "tpot" }, { metric: "ttft" }], revision: 3 },
        asked: { platform: "eks", benchmarkJob: true },
        output: "zip",
      },
    });
  });

  it("knows every parameter a view is written with", () => {
    const view =
      "model=a/b&workload=w&lengths=2000:300&cached=50&turns=3&slo=none&qps=2&demand=people:3:4&have=l4-24gb:2x8&buy=1&headroom=10&price=spot&provider=p&region=r&usd=3&own=l4-24gb:0.5&discount=aws:10&ratio=3&cached-price=50&currency=EUR:0.92&rank=latency&failed=2&goodput=90&precision=fp8&server=vllm&speculative=on&newest=1&fromSource=lab&since=2026-01-01&grade=measured&measured=1&outliers=1&estimates=0&knee=0.9&x=usd&y=tpot:p50&scale=linear&all=1&highlight=h&compare=c&rev=2";
    const asked = ask(`configuration=c&${view}`);
    if (!asked.ok) throw new Error(asked.error);
    // A demand in another measure takes the place of requests/s.
    expect(serializeExplorerQuery(asked.value.query)).toBe(view.replace("&qps=2", ""));
    expect([...new URLSearchParams(view).keys()]).toEqual(EXPLORER_PARAM_NAMES);
  });

  it.each([
    ["configuration=c&plattform=eks", /^plattform=eks: there is no such parameter; did you mean platform\? Known are /],
    ["configuration=c&storage-source=x", /^storage-source=x: there is no such parameter; did you mean storage\?/],
    ["configuration=c&__proto__=x", /^__proto__=x: there is no such parameter/],
    ["configuration=c&platform=gke&platform=eks", /^platform is said more than once$/],
    ["configuration=c&configuration=d", /^configuration is said more than once$/],
    ["configuration=c&namespace=a%00", /^namespace=a\uFFFD: expected a text without control characters$/],
    ["configuration=c&measured=yes", /^measured=yes: expected 0 or 1$/],
    ["configuration=c&rev=1.5", /^rev=1.5: expected a whole number from 1$/],
    [`configuration=c&${"slo=tpot:p50:9&".repeat(9)}`, /^slo=tpot:p50:9: expected at most 8 targets$/],
    [
      "configuration=c&output=kustomize",
      /^output=kustomize: expected one of yaml, zip, helm-values, helm-objects, shared, inference-service, llm-inference-service, production-stack, argocd, flux, node-pool, terraform, docker, compose, command$/,
    ],
    ["configuration=c&platform=moon", /^platform=moon: expected /],
    ["platform=eks", /^configuration is missing/],
    ["configuration=", /^configuration is missing/],
  ])("is refused for %s", (search, why) => {
    expect(ask(search)).toEqual({ ok: false, error: expect.stringMatching(why) });
  });
});

describe("the body of a share link's request", () => {
  it("is a search string and a revision, from JSON or a form", () => {
    expect(parseShareRequest({ query: "model=a/b", revision: 2 })).toEqual({
      ok: true,
      value: { query: "model=a/b", revision: 2 },
    });
    expect(parseShareRequest({ query: "", revision: "2" })).toEqual({ ok: true, value: { query: "", revision: 2 } });
  });

  it.each([
    [{}, /^query: expected a search string of at most 4000 characters/],
    [{ query: ["a"], revision: 1 }, /^query: expected/],
    [{ query: "x".repeat(4001), revision: 1 }, /^query: expected/],
    [{ query: "a" }, /^revision: expected the number of a dataset revision, 1 or more\.$/],
    [{ query: "a", revision: 0 }, /^revision: expected/],
    [{ query: "a", revision: 1.5 }, /^revision: expected/],
    [{ query: "a", revision: "1e0" }, /^revision: expected/],
    [{ query: "a", revision: true }, /^revision: expected/],
    [{ query: "a", revision: [1] }, /^revision: expected/],
    [null, /^The body is no object: send JSON with query and revision\.$/],
    [[], /^The body is no object/],
    ["text", /^The body is no object/],
  ])("is refused in our own words: %j", (body, why) => {
    expect(parseShareRequest(body)).toEqual({ ok: false, error: expect.stringMatching(why) });
  });
});
