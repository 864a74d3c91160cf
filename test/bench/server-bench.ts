import http from "node:http";
import { gunzipSync } from "node:zlib";
import { type MeasuredPage, pageText } from "./pages";
import type { Product } from "./product";
import { kilobytes, ms, type Row, type Section } from "./report";
import { median, quantile } from "./statistics";

const WARM_UP = 10;
const REQUESTS = 30;

interface Answered {
  firstByteMs: number;
  sentBytes: number;
  decodedBytes: number;
}

/** One request as a browser sends it; sizes are those of the body alone. */
function get(url: string, agent: http.Agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    http
      .get(url, { agent, headers: { "accept-encoding": "gzip, deflate" } }, (response) => {
        let firstByteMs = Number.NaN;
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => {
          if (chunks.length === 0) firstByteMs = performance.now() - start;
          chunks.push(chunk);
        });
        response.on("end", () => {
          const body = Buffer.concat(chunks);
          if (response.statusCode !== 200) {
            reject(new Error(`${url} answered ${response.statusCode}`));
            return;
          }
          const decoded = response.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
          resolve({ firstByteMs, sentBytes: body.length, decodedBytes: decoded.length });
        });
      })
      .on("error", reject);
  });
}

/** What the server takes and sends for each page, without a browser. */
export async function benchServer(product: Product, pages: readonly MeasuredPage[]): Promise<Section> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const rows: Row[] = [
    {
      what: "start, the build and the database being there",
      value: ms(product.startMs),
      how: "process started → the address is printed; one start.",
    },
  ];
  try {
    for (const page of pages) {
      const url = product.origin + page.path;
      for (let index = 0; index < WARM_UP; index += 1) await get(url, agent);
      const answers: Answered[] = [];
      for (let index = 0; index < REQUESTS; index += 1) answers.push(await get(url, agent));
      const times = answers.map((answer) => answer.firstByteMs);
      const [answer] = answers;
      rows.push(
        {
          what: `time to first byte, ${page.name}`,
          value: ms(median(times)),
          compared: `p95 ${ms(quantile(times, 0.95))}`,
          how: `${pageText(page)}: request sent → first byte of the body, one connection kept open, ${REQUESTS} requests one after another after ${WARM_UP} that are not counted; median.`,
        },
        {
          what: `HTML as sent, ${page.name}`,
          value: kilobytes(answer?.sentBytes ?? Number.NaN),
          compared: `${kilobytes(answer?.decodedBytes ?? Number.NaN)} decoded`,
          how: "body of that answer with gzip: answer, chart, table and the data for the browser.",
        },
      );
    }
  } finally {
    agent.destroy();
  }
  return { title: "Server", rows };
}
