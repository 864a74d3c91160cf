import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactedHeader } from "../../../lib/redact/redacted-header";

describe("the header that says what was blanked", () => {
  it("says it in plain letters where the names are plain", () => {
    expect(redactedHeader([])).toBe("none");
    expect(redactedHeader(["server.api_key", "bearer token"])).toBe("server.api_key, bearer token");
  });

  it("encodes names of any letters, control characters and line breaks", () => {
    expect(decodeURIComponent(redactedHeader(["пароль_password", "50%"]))).toBe("пароль_password, 50%");
    expect(redactedHeader(["a\r\nX-Evil: 1\r\npassword"])).toBe("a%0D%0AX-Evil: 1%0D%0Apassword");
  });

  it("is one any response takes, whatever the names", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (names) => {
        expect(new Headers({ "x-redacted": redactedHeader(names) }).get("x-redacted")).not.toMatch(/[^ -~]/);
      }),
    );
    expect(redactedHeader(["\ud800password"])).toBe("%EF%BF%BDpassword");
  });
});
