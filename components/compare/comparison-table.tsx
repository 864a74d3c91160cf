import type { ReactNode } from "react";
import { acceleratorColor } from "@/components/frontier-chart/colors";
import {
  type ComparedChoice,
  type Comparison,
  changeText,
  type FigureCell,
  type FigureRow,
  figureRows,
  isBetter,
} from "@/lib/explorer/comparison";
import { configurationHref } from "@/lib/explorer/explorer-view";
import { factName } from "@/lib/explorer/fact-words";
import { type ComparedFact, factStateText } from "@/lib/measurement/differences";
import { type CompareQuery, comparePath, withMoved, withToggled } from "@/lib/params/compare-params";
import { configurationSubtitle, lengthsText } from "@/lib/words";
import { choiceLabel } from "./comparison-chart";

/** Room for the names of rows, and the least for each choice; what is wider than the page scrolls. */
const NAME_WIDTH_PX = 130;
const CHOICE_WIDTH_PX = 160;

/** Figures and facts of all choices: one column each. On narrow screens it scrolls beside the names of its rows. */
export function ComparisonTable({ comparison }: { comparison: Comparison }) {
  const { choices, facts } = comparison;
  const plain = facts.filter(({ setting, fact }) => setting === null && fact !== "model");
  const settings = facts.filter(({ setting }) => setting !== null);
  return (
    <section aria-label="Figures and facts" tabIndex={0} className="relative overflow-x-auto">
      <table
        className="data-table compare-table"
        data-table="comparison"
        style={{ minWidth: NAME_WIDTH_PX + choices.length * CHOICE_WIDTH_PX }}
      >
        <colgroup>
          <col style={{ width: NAME_WIDTH_PX }} />
        </colgroup>
        <thead>
          <tr>
            <td className="text compare-name">
              <span className="sr-only">What is compared</span>
            </td>
            {choices.map((choice, index) => (
              <ChoiceHead
                key={choice.configuration.configurationId}
                choice={choice}
                index={index}
                comparison={comparison}
              />
            ))}
          </tr>
        </thead>
        <Group title="Figures" columns={choices.length}>
          {figureRows(comparison).map((row) => (
            <FigureLine key={row.name} row={row} />
          ))}
        </Group>
        <Group title="Facts" columns={choices.length}>
          {plain.map((fact) => (
            <FactLine key={fact.fact} fact={fact} />
          ))}
        </Group>
        {settings.length > 0 && (
          <Group title="Settings" columns={choices.length}>
            {settings.map((fact) => (
              <FactLine key={`${fact.fact} ${fact.setting}`} fact={fact} />
            ))}
          </Group>
        )}
      </table>
    </section>
  );
}

function Group({ title, columns, children }: { title: string; columns: number; children: ReactNode }) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={columns + 1} className="text compare-group">
          {title}
        </th>
      </tr>
      {children}
    </tbody>
  );
}

function ChoiceHead({ choice, index, comparison }: { choice: ComparedChoice; index: number; comparison: Comparison }) {
  const { asked, question, choices, baseline } = comparison;
  const { configuration, workload } = choice;
  const id = configuration.configurationId;
  const ids = choices.map((other) => other.configuration.configurationId);
  const to = (change: { compare?: string[]; baseline?: string }) =>
    comparePath({
      query: { ...asked.query, compare: change.compare ?? ids },
      baseline: change.baseline ?? asked.baseline,
    } satisfies CompareQuery);
  const label = choiceLabel(choice);
  return (
    <th scope="col" className="text align-top" data-choice={id}>
      <div className="flex items-baseline gap-2 text-[14px]">
        <span
          aria-hidden="true"
          className="h-2.5 w-2.5 shrink-0 rounded-[3px]"
          style={{ background: acceleratorColor(configuration.accelerator) }}
        />
        <a className="font-semibold text-ink hover:underline" href={configurationHref(id, asked.query, { question })}>
          {label}
        </a>
      </div>
      <div className="whitespace-normal">{configurationSubtitle(configuration)}</div>
      <div className="whitespace-normal">
        {choice.modelName}, {lengthsText(workload)} tokens
        {choice.isOtherWorkload && (
          <strong className="font-semibold text-warn-ink"> (another workload: not the same question)</strong>
        )}
      </div>
      <div className="mt-1 flex flex-wrap gap-x-3 font-normal">
        {index > 0 && (
          <a
            className="link tap"
            href={to({ compare: withMoved(ids, id, -1) })}
            aria-label={`Move ${label} to the left`}
          >
            ←
          </a>
        )}
        {index < choices.length - 1 && (
          <a
            className="link tap"
            href={to({ compare: withMoved(ids, id, 1) })}
            aria-label={`Move ${label} to the right`}
          >
            →
          </a>
        )}
        {index === baseline ? (
          <span className="tap">baseline</span>
        ) : (
          <a className="link tap" href={to({ baseline: id })} aria-label={`Make baseline: ${label}`}>
            make baseline
          </a>
        )}
        <a className="link tap" href={to({ compare: withToggled(ids, id) })} aria-label={`Remove ${label}`}>
          remove
        </a>
      </div>
    </th>
  );
}

function FigureLine({ row }: { row: FigureRow }) {
  return (
    <tr data-figure={row.name}>
      <th scope="row" className="text compare-name">
        {row.name}
      </th>
      {row.cells.map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns have no name of their own and no state
        <td key={index} className={row.better === null ? "text text-[12px] text-muted" : ""}>
          <Figure cell={cell} better={row.better} />
        </td>
      ))}
    </tr>
  );
}

function Figure({ cell, better }: { cell: FigureCell; better: FigureRow["better"] }) {
  const good = cell.change === null ? null : isBetter(cell.change, better);
  return (
    <>
      {cell.text}
      {cell.note !== null && <span className="text-[12px] text-muted"> {cell.note}</span>}
      {cell.change !== null && (
        <div
          className={`text-[12px] ${good === true ? "text-ok-ink" : good === false ? "text-warn-ink" : "text-muted"}`}
        >
          {changeText(cell.change)}
          {good !== null && <span className="sr-only">{good ? ", better" : ", worse"}</span>}
        </div>
      )}
    </>
  );
}

function FactLine({ fact: { fact, setting, states, differs } }: { fact: ComparedFact }) {
  return (
    <tr data-fact={setting ?? fact} data-differs={differs ? "" : undefined}>
      <th scope="row" className="text compare-name">
        {differs && (
          <span className="mr-1 text-accent" title="differs">
            ≠<span className="sr-only"> differs: </span>
          </span>
        )}
        {setting ?? factName(fact)}
      </th>
      {states.map((state, index) => (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: columns have no name of their own and no state
          key={index}
          className={`text [overflow-wrap:anywhere] ${differs ? "font-semibold" : "text-muted"}`}
        >
          {state.kind === "stated" ? factStateText(state) : state.kind === "unknown" ? "not known" : "default"}
        </td>
      ))}
    </tr>
  );
}
