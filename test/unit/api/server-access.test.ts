import { describe, expect, it } from "vitest";
import { isLoopbackName, serverAccess } from "../../../lib/api/server-access";

const TOKEN = "0123456789abcdef0123";

describe("who may write", () => {
  it("is everybody on this machine while the server listens on loopback", () => {
    for (const HOST of [undefined, "", "localhost", "127.0.0.1", "::1"]) {
      expect(serverAccess({ HOST }), String(HOST)).toEqual({ kind: "loopback" });
    }
  });

  it("is nobody when others can reach the server and there is no token, or one that is easily guessed", () => {
    for (const HOST of ["0.0.0.0", "::", "10.1.2.3", "quickstart.example.org"]) {
      expect(serverAccess({ HOST }).kind, HOST).toBe("readOnly");
      expect(serverAccess({ HOST, IQ_TOKEN: "short" }).kind, HOST).toBe("readOnly");
    }
  });

  it("is who has the token, wherever the server listens", () => {
    expect(serverAccess({ HOST: "0.0.0.0", IQ_TOKEN: TOKEN })).toEqual({ kind: "token", token: TOKEN });
    expect(serverAccess({ IQ_TOKEN: TOKEN })).toEqual({ kind: "token", token: TOKEN });
  });
});

describe("a loopback name", () => {
  it.each(["localhost", "LOCALHOST:3000", "127.0.0.1:3000", "127.1.2.3", "[::1]:3000", "::1", "iq.localhost:80"])(
    "is %s",
    (name) => expect(isLoopbackName(name)).toBe(true),
  );
  it.each([
    "",
    "example.org",
    "localhost.example.org",
    "127.0.0.1.example.org",
    "evil-localhost",
    "[::2]",
    "1.127.0.0.1",
  ])("is not %s", (name) => expect(isLoopbackName(name)).toBe(false));
});
