import { isList } from "../../is-list";
import { documentsOf, type ParsedFile } from "./parsed-file";

/** True where a value of the file (elements of an array count one by one) passes the test; cheap enough for large arrays. */
export function someElement(file: ParsedFile, test: (value: unknown) => boolean): boolean {
  return documentsOf(file).some(({ value }) => (isList(value) ? value.some((element) => test(element)) : test(value)));
}
