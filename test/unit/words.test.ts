import { describe, expect, it } from "vitest";
import { serverLabel } from "../../lib/words";

describe("a model server in words", () => {
  it("is called as its makers write it, and as the report does where it is not known", () => {
    expect(serverLabel("sglang")).toBe("SGLang");
    expect(serverLabel("my-server")).toBe("my-server");
    expect(serverLabel(null)).toBe("server unknown");
  });

  it.each(["constructor", "toString", "__proto__", "valueOf"])("is no function of the language: %s", (name) => {
    expect(serverLabel(name)).toBe(name);
  });
});
