import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { request } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { soon } from "./browser";
import { servedProduct } from "./served-product";
import { report, zipOf } from "./upload-files";
import { dataset } from "./upload-page";

const FACTS = "accelerator=h100-sxm-80gb&accelerator_count=2";
const address = (search: string) => `${servedProduct().baseUrl}/api/v1/reports?${search}`;

async function send(
  search: string,
  body: string | FormData,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(address(search), { method: "POST", body, headers });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

function formOf(files: Readonly<Record<string, string>>, fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, text] of Object.entries(files)) form.append("files", new Blob([text]), name);
  return form;
}

/** A POST with any Host header; fetch would not send it. */
function postAs(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(address(FACTS), { method: "POST", headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("error", reject);
    sent.end(report("api-lab/Foreign", 1));
  });
}

describe("POST /api/v1/reports", () => {
  it("takes a report as the body, stores it once and says the same as before the second time", async () => {
    const text = report("api-lab/Raw", 4);
    const dry = await send(`${FACTS}&fileName=job/result.json&dryRun=true`, text);
    expect(dry).toMatchObject({
      status: 200,
      answer: { dryRun: true, files: 1, loadPoints: 1, duplicates: 0, problems: [] },
    });
    const before = await dataset();
    const first = await send(`${FACTS}&fileName=job/result.json`, text);
    expect(first.answer).toEqual({ ...dry.answer, dryRun: false });
    expect(first.answer).toMatchObject({
      runs: [
        {
          newLoadPoints: 1,
          duplicates: 0,
          files: ["job/result.json"],
          outliers: [],
          configuration: { acceleratorCount: 2 },
        },
      ],
    });
    expect(await dataset()).not.toBe(before);
    const again = await send(FACTS, text);
    expect(again).toMatchObject({ status: 200, answer: { loadPoints: 0, duplicates: 1 } });
  });

  it("takes what curl sends", async () => {
    const curl = spawn("curl", ["-s", "--fail-with-body", "--data-binary", "@-", address(`${FACTS}&dryRun=true`)]);
    const out: Buffer[] = [];
    curl.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    curl.stdin.end(report("api-lab/Curl", 4));
    const missing = await new Promise<boolean>((resolve) => {
      curl.once("error", () => resolve(true));
      curl.once("close", () => resolve(false));
    });
    if (missing) return console.log("curl is not installed: not tried.");
    expect(JSON.parse(Buffer.concat(out).toString())).toMatchObject({ loadPoints: 1, problems: [] });
  });

  it("takes files of a form with their folders and what lies beside them", async () => {
    const form = formOf(
      {
        "a/one.json": report("api-lab/Form", 1),
        "a/iq.yaml": "accelerator: l4-24gb\naccelerator_count: 1\n",
        "b/two.json": report("api-lab/Form", 2),
        "b/broken.json": "{",
      },
      { dryRun: "true" },
    );
    const { status, answer } = await send("", form);
    expect(status).toBe(200);
    expect(answer).toMatchObject({
      dryRun: true,
      files: 4,
      loadPoints: 1,
      runs: [{ files: ["a/one.json", "a/iq.yaml"], configuration: { accelerator: "l4-24gb" } }],
      skipped: [{ file: "a/iq.yaml" }],
    });
    expect(answer.problems).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: "b/two.json", fact: "accelerator" }),
        expect.objectContaining({ file: "b/two.json", fact: "accelerator_count" }),
        expect.objectContaining({ file: "b/broken.json", at: "line 1" }),
      ]),
    );
  });

  it("takes archives of many megabytes, several at once, and refuses the broken ones", async () => {
    const large = (concurrency: number, mebibytes: number) => {
      const note = randomBytes((mebibytes * 1024 * 1024 * 3) / 4).toString("base64");
      return JSON.stringify({ ...JSON.parse(report("api-lab/Large", concurrency)), note });
    };
    const zip = zipOf(Object.fromEntries([1, 2, 3, 4].map((index) => [`${index}/result.json`, large(index, 1.2)])));
    const streamed = gzipSync(large(5, 9));
    const bodies: [fileName: string, body: Uint8Array, status: number, loadPoints: number][] = [
      ["a.zip", zip, 200, 4],
      ["a.zip.gz", gzipSync(zip), 200, 4],
      ["a.json.gz", streamed, 200, 1],
      ["half.zip", zip.subarray(0, zip.length / 2), 422, 0],
      ["half.json.gz", streamed.subarray(0, streamed.length - 1000), 422, 0],
    ];
    const answers = await Promise.all(
      [...bodies, ...bodies].map(async ([fileName, body]) => {
        const response = await fetch(address(`${FACTS}&dryRun=true&fileName=${fileName}`), {
          method: "POST",
          body: new Blob([new Uint8Array(body)]),
        });
        return [response.status, ((await response.json()) as Record<string, unknown>).loadPoints];
      }),
    );
    const wanted = bodies.map(([, , status, loadPoints]) => [status, loadPoints]);
    expect(answers).toEqual([...wanted, ...wanted]);
  });

  it("tells how far it is line by line, the result last", async () => {
    const response = await fetch(address(`${FACTS}&dryRun=true`), {
      method: "POST",
      body: report("api-lab/Lines", 4),
      headers: { accept: "application/x-ndjson" },
    });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines: unknown[] = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(1);
    expect(lines[0]).toEqual({
      progress: { filesDone: 0, files: 1, bytesDone: expect.any(Number), bytes: expect.any(Number) },
    });
    expect(lines.at(-1)).toMatchObject({ result: { loadPoints: 1 } });
  });

  it.each([
    ["everything is wrong with it", FACTS, "{", {}, 422],
    ["there is no file", FACTS, "", {}, 400],
    ["a fact is mistyped", "acelerator=h100", "{}", {}, 400],
    ["its name leads outside", "fileName=../../etc/passwd", "{}", {}, 400],
    ["its kind is not read", FACTS, "x", { "content-type": "multipart/mixed; boundary=a" }, 415],
    ["another site sends it", FACTS, "{}", { origin: "https://elsewhere.example" }, 403],
    [
      "a browser says that another site sends it",
      `${FACTS}&dryRun=true`,
      "{}",
      { "sec-fetch-site": "cross-site" },
      403,
    ],
  ])("refuses a request where %s", async (_why, search, body, headers, status) => {
    const before = await dataset();
    const refused = await send(search, body, headers as Record<string, string>);
    expect(refused.status).toBe(status);
    if (status !== 422) expect(refused.answer).toEqual({ error: expect.stringMatching(/\S/) });
    expect(await dataset()).toBe(before);
  });

  it("refuses names that are not this machine's", async () => {
    expect(await postAs("elsewhere.example")).toBe(403);
    expect(await postAs("localhost.elsewhere.example:80")).toBe(403);
  });

  it("goes on after senders that break off, and keeps nothing of theirs", async () => {
    const before = await dataset();
    for (const accept of ["application/json", "application/x-ndjson"]) {
      await new Promise<void>((resolve) => {
        const headers = { accept, "content-type": "multipart/form-data; boundary=x" };
        const sent = request(address(FACTS), { method: "POST", headers });
        sent.once("error", () => resolve());
        sent.write('--x\r\ncontent-disposition: form-data; name="f"; filename="a.json"\r\n\r\n{"half":');
        setTimeout(() => sent.destroy(new Error("gone")), 100);
      });
    }
    await soon(async () => (await send(`${FACTS}&dryRun=true`, report("api-lab/After", 1))).status).toBe(200);
    expect(await dataset()).toBe(before);
  });
});
