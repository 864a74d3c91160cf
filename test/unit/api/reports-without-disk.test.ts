import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { POST } from "@/app/api/v1/reports/route";

/** More than the server takes in at once. */
const TRIES = 60;

function post(): Promise<Response> {
  return POST(
    new Request("http://localhost/api/v1/reports?dryRun=true", {
      method: "POST",
      headers: { host: "localhost", "content-type": "multipart/mixed" },
      body: "x",
    }),
  );
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("uploads to a server that can open no temporary file", () => {
  it("are told that it failed, and do not count as uploads that go on", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.stubEnv("TMPDIR", path.join(import.meta.dirname, "no-such-folder"));
    for (let i = 0; i < TRIES; i++) {
      const failed = await post();
      expect(failed.status).toBe(500);
      expect(await failed.json()).toEqual({ error: expect.stringContaining("The server failed") });
    }
    vi.unstubAllEnvs();
    const refused = await post();
    expect(refused.status).toBe(415);
  });
});
