import { afterEach, describe, expect, it, vi } from "vitest";
import { publicUrl } from "../../../server/public-url";

afterEach(() => vi.unstubAllEnvs());

function named(address: string): string {
  vi.stubEnv("IQ_PUBLIC_URL", address);
  return publicUrl();
}

describe("the address others reach this server by", () => {
  it("is what stands before a path", () => {
    expect(named("")).toBe("");
    expect(named("https://quickstart.example.org")).toBe("https://quickstart.example.org");
    expect(named("https://example.org:8443/quickstart//")).toBe("https://example.org:8443/quickstart");
  });

  it.each([
    "https://me:s3cr3t@example.org",
    "https://s3cr3t@example.org/",
    "https://example.org/?token=s3cr3t",
    "https://example.org/#s3cr3t",
  ])("holds nothing that must not stand in a manifest, nor says it: %s", (address) => {
    expect(() => named(address)).toThrow(/^(?!.*s3cr3t).*expected an address alone, such as https:\/\/example\.org\.$/);
  });

  it("is one line", () => {
    expect(named("https://example.org/a\nkind: Pod")).not.toContain("\n");
    expect(() => named("ftp://example.org")).toThrow(/expected an address such as/);
  });
});
