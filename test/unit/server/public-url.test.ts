import { afterEach, describe, expect, it, vi } from "vitest";
import { absoluteUrl, isOnlyForThisMachine, isPublicHost, publicUrl } from "../../../server/public-url";

afterEach(() => vi.unstubAllEnvs());

function named(address: string): string {
  vi.stubEnv("IQ_PUBLIC_URL", address);
  return publicUrl();
}

describe("the address others reach this server by", () => {
  it("is what stands before a path", () => {
    expect(named("")).toBe("");
    expect(named("https://quickstart.example.org")).toBe("https://quickstart.example.org");
    expect(named("https://example.org:8443//")).toBe("https://example.org:8443");
  });

  it("has no path: below one no page, script or style of this server is found", () => {
    for (const address of ["https://quick.example/iq", "https://quick.example/iq/", "http://a.example:8443/a/b"]) {
      expect(() => named(address), address).toThrow(/has the path .* Expected a name of its own, such as http/);
    }
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
    expect(named("https://example.org\n/")).not.toContain("\n");
    expect(() => named("https://example.org/a\nkind: Pod")).toThrow(/^[^\n]*$/);
    expect(() => named("ftp://example.org")).toThrow(/expected an address such as/);
  });
});

describe("who reaches this server", () => {
  it.each([
    ["", "", true],
    ["127.0.0.1", "", true],
    ["", "http://localhost:3000", true],
    ["0.0.0.0", "", false],
    ["", "https://quick.example", false],
  ])("HOST=%s IQ_PUBLIC_URL=%s: this machine alone %s", (host, address, isOnly) => {
    vi.stubEnv("HOST", host);
    vi.stubEnv("IQ_PUBLIC_URL", address);
    expect(isOnlyForThisMachine()).toBe(isOnly);
    expect(absoluteUrl("/s/x")).toBe(address === "" ? null : `${address}/s/x`);
  });

  it("is told by its public name with the scheme's port or without", () => {
    vi.stubEnv("IQ_PUBLIC_URL", "https://quick.example");
    for (const host of ["quick.example", "QUICK.example", "quick.example:443"])
      expect(isPublicHost(host), host).toBe(true);
    for (const host of [
      "",
      "quick.example:80",
      "evil.example",
      "quick.example.evil",
      "x@quick.example",
      "quick.example/",
      "quick.example?",
    ]) {
      expect(isPublicHost(host), host).toBe(false);
    }
  });
});
