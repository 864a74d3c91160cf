import { describe, expect, it } from "vitest";
import { firstProblems, gatherProblems, problem } from "../../../lib/ingest/problem";

const problems = (count: number, message: (index: number) => string, rest: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ ...problem(`${index}.json`, "", "", "x", message(index)), ...rest }));
/** Words that no other problem has. */
const word = (index: number) => String.fromCharCode(97 + (index % 26)).repeat(1 + Math.floor(index / 26));

describe("the problems of an ingest", () => {
  it("are listed up to a thousand, and one says how many more there are", () => {
    const gathered = gatherProblems(problems(1500, (index) => `${index}.json: ${word(index)}.`));
    expect(gathered).toHaveLength(1001);
    expect(gathered.at(-1)?.message).toBe(
      "There are 500 more problems, in 1000.json and behind it: mend those listed first.",
    );
    expect(firstProblems(gathered.slice(0, 1000), 1000)).toHaveLength(1000);
  });

  it("count those alike whatever their numbers and files", () => {
    const alike = problems(5000, (index) => `${index}.json, line ${index}: is cut off.`);
    const gathered = gatherProblems([...alike, ...problems(2, (index) => `${index}.json: other.`)]);
    expect(gathered).toHaveLength(3);
    expect(gathered[0]).toMatchObject({ file: "0.json", alike: 4999 });
    expect(firstProblems(gathered, 0)[0]?.message).toMatch(/^There are 5002 more problems/);
  });

  it("that an answer mends stay apart, so that each file can be asked about", () => {
    const asked = problems(400, (index) => `${index}.json: no accelerator.`, { fact: "accelerator" });
    expect(gatherProblems(asked)).toEqual(asked);
  });
});
