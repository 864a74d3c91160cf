import { describe, expect, it } from "vitest";
import { serverAccess } from "../../../lib/api/server-access";
import { flagFromText, flagLabel } from "../../../lib/measurement/quality-flags";
import { formRefusal } from "../../../lib/runs/form-refusal";
import { runLinks } from "../../../lib/runs/run-links";
import { licenceUrl, safeUrl } from "../../../lib/source-links";

const RUN = {
  runId: "0123456789abcdef",
  configuration: { configurationId: "h100-x1", model: "org/small" },
  workload: { workloadId: "random-1024-1024" },
};

describe("a run in a list", () => {
  it("leads to its page, its configuration and its chart of today", () => {
    expect(runLinks({ ...RUN, retiredInRevision: null })).toEqual({
      run: "/runs/0123456789abcdef",
      configuration: "/configurations/h100-x1?workload=random-1024-1024",
      chart: "/?model=org/small&workload=random-1024-1024",
    });
  });

  it("that was retired leads to the last revision that has it", () => {
    expect(runLinks({ ...RUN, retiredInRevision: 5 })).toMatchObject({
      configuration: "/configurations/h100-x1?workload=random-1024-1024&rev=4",
      chart: "/?model=org/small&workload=random-1024-1024&rev=4",
    });
  });

  it("links its licence only where everybody knows its text, its source only to a web address", () => {
    expect(licenceUrl("Apache-2.0")).toBe("https://spdx.org/licenses/Apache-2.0.html");
    expect(licenceUrl("none stated")).toBeNull();
    expect(licenceUrl(null)).toBeNull();
    expect(safeUrl("https://example.org/lab")).toBe("https://example.org/lab");
    expect(safeUrl("javascript:alert(1)")).toBeNull();
  });

  it("has its caveats in words, also those nobody has heard of", () => {
    expect(flagLabel("no_version")).toBe("server version unknown");
    expect(flagLabel(flagFromText("made_up_by_a_user"))).toBe("made up by a user");
    expect(flagLabel(flagFromText("constructor"))).toBe("constructor");
  });
});

describe("a form that changes the data", () => {
  it("is offered where everybody on the machine may write, and nowhere else", () => {
    expect(formRefusal(serverAccess({}))).toBeNull();
    const guarded = formRefusal(serverAccess({ HOST: "0.0.0.0", IQ_TOKEN: "0123456789abcdef0123" }));
    expect(guarded).toContain("token");
    expect(guarded).not.toContain("0123456789abcdef");
    expect(formRefusal(serverAccess({ HOST: "0.0.0.0" }))).toContain("read-only");
  });
});
