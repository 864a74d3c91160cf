import type { Command } from "commander";
import type { Accelerator } from "../../lib/catalogue/catalogue";
import { withNamedAccelerators } from "../../lib/explorer/name-stock";
import { QUESTION_PARAMS, questionOfValues, questionWords } from "../../lib/params/explorer-params";
import type { Question } from "../../lib/selection/types";
import { valuesOfOptions, withParamOptions } from "./param-options";
import { RefusedError } from "./usage-error";

/** Flags as commander parsed them. */
export type ParsedOptions = Readonly<Record<string, unknown>>;

/** Adds the flags of a question to a command. */
export function withQuestionOptions(command: Command): Command {
  return withParamOptions(command, QUESTION_PARAMS, questionWords(), (key) => key !== "rankBy");
}

/** Adds the flag that orders an answer. */
export function withRankBy(command: Command): Command {
  return withParamOptions(command, QUESTION_PARAMS, questionWords(), (key) => key === "rankBy");
}

/** The question asked by the flags. Without a flag the page's default holds, except that there are no default targets. */
export function questionFrom(options: ParsedOptions): Question {
  const values = valuesOfOptions(QUESTION_PARAMS, questionWords(), options);
  return { ...questionOfValues(values), slos: values.slos ?? [] };
}

/** The question with the names of accelerators as ids of the catalogue; refuses a name that is none. */
export function withAcceleratorIds(question: Question, accelerators: readonly Accelerator[]): Question {
  const { question: named, problems } = withNamedAccelerators(question, accelerators);
  if (problems.length > 0) throw new RefusedError(problems.join(" "));
  return named;
}
