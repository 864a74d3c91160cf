import { afterEach, describe, expect, it, vi } from "vitest";
import { POST as postReport } from "@/app/api/v1/reports/route";
import { answerRetire } from "@/app/api/v1/retire";
import { POST as postShare } from "@/app/api/v1/shares/route";

const TOKEN = "0123456789abcdef";

function post(headers: Record<string, string> = {}, body = ""): Request {
  return new Request("http://localhost:3000/", {
    method: "POST",
    headers: { host: "localhost:3000", ...headers },
    body,
  });
}

const retire = (request: Request) =>
  answerRetire(request, { target: null, name: "run x", warning: null, back: "/runs/x" });

afterEach(() => vi.unstubAllEnvs());

describe("a write to a server with a token", () => {
  it.each([
    ["a report", postReport],
    ["a share link", postShare],
    ["a retirement", retire],
  ])("without it is refused, and says how to prove oneself: %s", async (_what, send) => {
    vi.stubEnv("IQ_TOKEN", TOKEN);
    for (const headers of [{}, { authorization: "Bearer 0123456789abcdeX" }]) {
      const response = await send(post(headers));
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(await response.json()).toEqual({ error: expect.stringContaining("Authorization: Bearer TOKEN") });
    }
  });

  it("with it is none of these", async () => {
    vi.stubEnv("IQ_TOKEN", TOKEN);
    const response = await retire(post({ authorization: `Bearer ${TOKEN}` }));
    expect(response.status).toBe(404);
    expect(response.headers.has("www-authenticate")).toBe(false);
  });
});

describe("a write through a proxy", () => {
  const PUBLIC = "https://quick.example";
  const status = async (headers: Record<string, string>) => {
    vi.stubEnv("IQ_PUBLIC_URL", PUBLIC);
    return (await retire(post({ "sec-fetch-site": "same-origin", ...headers }))).status;
  };

  it.each(["quick.example", "127.0.0.1:3301", "quick.example:443"])(
    "from the page's public name passes with the token, whatever Host the proxy sends on: %s",
    async (host) => {
      vi.stubEnv("IQ_TOKEN", TOKEN);
      const authorization = `Bearer ${TOKEN}`;
      expect(await status({ host, origin: PUBLIC, authorization })).toBe(404);
      for (const origin of ["https://evil.example", "null", "http://quick.example", `${PUBLIC}.evil.example`]) {
        expect(await status({ host: "127.0.0.1:3301", origin, authorization }), origin).toBe(403);
      }
    },
  );

  it("without a token does not pass for one from this machine", async () => {
    vi.stubEnv("IQ_TOKEN", "");
    vi.stubEnv("HOST", "");
    expect(await status({ host: "127.0.0.1:3301", origin: PUBLIC })).toBe(403);
    expect(await status({ host: "127.0.0.1:3301", origin: "http://127.0.0.1:3301" })).toBe(404);
  });
});

describe("the body of a retirement", () => {
  const target = { runIds: ["x"] };
  const refused = async (body: string, warning: string | null = null) => {
    vi.stubEnv("IQ_TOKEN", "");
    vi.stubEnv("HOST", "");
    const response = await answerRetire(post({}, body), { target, name: "run x", warning, back: "/" });
    expect(response.status).toBe(400);
    return ((await response.json()) as { error: string }).error;
  };

  it("is refused in our own words", async () => {
    expect(await refused('{"reason":7}')).toBe("reason: expected a text of at most 500 characters.");
    expect(await refused(JSON.stringify({ reason: "x".repeat(501) }))).toContain("at most 500 characters");
    expect(await refused('{"sure":"maybe"}')).toBe("sure: expected true or false.");
    expect(await refused("[]")).toMatch(/^The body is no object: send nothing, or JSON such as /);
    expect(await refused("{")).toMatch(/^The body is not readable: send nothing/);
  });

  it("has to say that it is sure where there is something to know first", async () => {
    for (const body of ["", "{}", '{"sure":false}']) {
      expect(await refused(body, "All would go.")).toBe(
        'All would go. Nothing was retired: send "sure": true with it.',
      );
    }
  });
});
