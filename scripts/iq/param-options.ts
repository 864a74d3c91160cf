import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type Param,
  type ParamTable,
  type ParamWords,
  type RawParams,
  readParams,
  type WordsTable,
} from "../../lib/params/param";

/** The flag of a parameter as commander has it; `null` = not on the command line. */
function optionOf<T>(param: Param<T>, { commandLine }: ParamWords): Option | null {
  if (commandLine === null || commandLine === undefined) return null;
  const option = new Option(commandLine.flag, commandLine.help);
  if (!option.required) return option;
  option.argParser((text: string, before: unknown) => {
    const asked = commandLine.toAddress?.(text) ?? text;
    let expected: string | null = asked === "" ? "a value" : null;
    param.read([asked], (_, wanted) => {
      expected ??= wanted;
    });
    if (expected !== null) throw new InvalidArgumentError(`expected ${expected}`);
    return param.isRepeated && Array.isArray(before) ? [...before, asked] : param.isRepeated ? [asked] : asked;
  });
  return option;
}

/** Adds the flags of a table's parameters to a command, all or those named, in the order of the table. */
export function withParamOptions<T extends object>(
  command: Command,
  table: ParamTable<T>,
  words: WordsTable<T>,
  isWanted: (key: keyof T) => boolean = () => true,
): Command {
  for (const key of Object.keys(table) as (keyof T)[]) {
    const option = isWanted(key) ? optionOf(table[key], words[key]) : null;
    if (option !== null) command.addOption(option);
  }
  return command;
}

/** The values of a table's parameters, read from the flags of a command; without a flag, the default of the address. */
export function valuesOfOptions<T extends object>(
  table: ParamTable<T>,
  words: WordsTable<T>,
  options: Readonly<Record<string, unknown>>,
): T {
  const raw: RawParams = {};
  for (const key of Object.keys(table) as (keyof T)[]) {
    const option = optionOf(table[key], words[key]);
    const given = option === null ? undefined : options[option.attributeName()];
    if (typeof given === "string") raw[table[key].name] = given;
    else if (given === true) raw[table[key].name] = "1";
    // `--no-…`
    else if (given === false) raw[table[key].name] = "0";
    else if (Array.isArray(given)) raw[table[key].name] = given.map(String);
  }
  return readParams(table, raw).values;
}
