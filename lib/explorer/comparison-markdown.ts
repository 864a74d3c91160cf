import { factStateText } from "../measurement/differences";
import { comparePath } from "../params/compare-params";
import { sloLabel } from "../selection/slo";
import { configurationSubtitle, lengthsText } from "../words";
import { type Comparison, changeText, figureRows } from "./comparison";
import { demandText } from "./demand-words";
import { factName } from "./fact-words";
import { markdownTable } from "./markdown";
import { hardwareLabel } from "./row-words";

/** Path that shows a comparison at its revision, for good. */
export function pinnedComparisonPath({ asked, revision }: Pick<Comparison, "asked" | "revision">): string {
  return comparePath({ ...asked, query: { ...asked.query, revision: revision.id } });
}

/**
 * A comparison as Markdown, for a pull request or a chat: the question, figures against the baseline, what differs.
 * @returns text that ends where its link follows
 */
export function comparisonMarkdown(comparison: Comparison): string {
  const { choices, question, baseline, facts, revision } = comparison;
  const [first] = choices;
  if (first === undefined) return "";
  const names = choices.map(
    ({ letter, configuration, accelerator }) =>
      `${letter}: ${hardwareLabel(accelerator === null ? [] : [accelerator], configuration)}`,
  );
  const targets = question.slos.length === 0 ? "at the knee of each curve" : question.slos.map(sloLabel).join(" and ");
  const demand = question.demand === null ? "" : `, ${demandText(question.demand)}`;
  const sides = [
    ["model", ...choices.map(({ modelName }) => modelName)],
    ["workload", ...choices.map(({ workload }) => `${workload.workloadId} (${lengthsText(workload)})`)],
    ["configuration", ...choices.map(({ configuration }) => configurationSubtitle(configuration))],
  ];
  const figures = figureRows(comparison).map(({ name, cells }) => [
    name,
    ...cells.map(({ text, note, change }) =>
      [text, note, change === null ? null : `(${changeText(change)})`].filter((part) => part !== null).join(" "),
    ),
  ]);
  const differing = facts
    .filter(({ differs, fact }) => differs && fact !== "model")
    .map(({ fact, setting, states }) => [setting ?? factName(fact), ...states.map(factStateText)]);
  return [
    `**${targets}${demand}**, against ${choices[baseline]?.letter ?? first.letter}`,
    "",
    markdownTable(["", ...names], [...sides, ...figures]),
    ...(differing.length === 0 ? [] : ["", "What differs:", "", markdownTable(["", ...names], differing)]),
    "",
    `Dataset revision ${revision.id}: `,
  ].join("\n");
}
