import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { commentLine } from "../../../lib/api/comment-line";

describe("a refusal as a comment", () => {
  it.each(["\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\u0000", "\u001b[2J", "\u202e", " \n \n "])(
    "does not end before its line does, whatever was in the address: %j",
    (doubtful) => {
      const line = commentLine(`platform=x${doubtful}kind: Pod: expected one of gke, eks`);
      expect(line).toMatch(/^# platform=x .*kind: Pod: expected one of gke, eks\n$/);
      expect(line.slice(0, -1)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect([...parseAllDocuments(line)].map((document) => document.toJS())).toEqual([]);
    },
  );
});
