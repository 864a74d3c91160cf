import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { oncePerRequest, withinRequest } from "../../../db/once-per-request";
import { getCurrentRevision } from "../../../db/queries/get-revision";
import { figuresCsv, ingestTexts, seededDatabase } from "./small-data";

describe("what a request asks for many times", () => {
  it("is asked once, and by each request anew", async () => {
    let asked = 0;
    const ask = () => oncePerRequest("the question", async () => ++asked);
    const request = () =>
      withinRequest(async () => {
        const first = ask();
        await sleep(1);
        return [await first, await ask(), await Promise.resolve().then(ask)];
      });
    expect(await Promise.all([request(), request()])).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
    expect([await ask(), await ask()]).toEqual([3, 4]);
  });

  it("is asked again where it failed", async () => {
    let asked = 0;
    const ask = () =>
      oncePerRequest("the question", async () => {
        asked++;
        if (asked === 1) throw new Error("lost");
        return asked;
      });
    await withinRequest(async () => {
      await expect(ask()).rejects.toThrow("lost");
      expect(await ask()).toBe(2);
    });
  });

  it("is the newest revision: the next request sees what was stored meanwhile, this one stays with its own", async () => {
    const db = await seededDatabase();
    const seen = await withinRequest(async () => {
      const before = (await getCurrentRevision(db)).id;
      const table = figuresCsv("new", [{ concurrency: 2, outputTokensPerSecond: 80, ttftMs: 60 }]);
      await ingestTexts(db, { "new.csv": table });
      return { before, after: (await getCurrentRevision(db)).id };
    });
    expect(seen.after).toBe(seen.before);
    expect((await withinRequest(() => getCurrentRevision(db))).id).toBe(seen.before + 1);
    expect((await getCurrentRevision(db)).id).toBe(seen.before + 1);
  });
});
