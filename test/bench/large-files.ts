import { closeSync, openSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";

/** Written to disk at a time. */
const BLOCK_CHARACTERS = 1024 * 1024;
const OUTPUT_TOKENS = 128;
const INPUT_TOKENS = 512;
const TTFT_S = 0.05;
const GAP_S = 0.0125;
/** Requests in flight. */
const CONCURRENCY = 8;
const NS_PER_S = 1e9;
const MS_PER_S = 1000;
const EPOCH_S = 1_780_000_000;

/**
 * `per_request_lifecycle_metrics.json` of inference-perf of about so many bytes, prompts, answers and chunks included; returns
 * its requests.
 */
export function writePerRequestFile(file: string, bytes: number): number {
  return writeRecords(file, bytes, { open: "[\n", between: ",\n", close: "\n]\n" }, perRequestRecord);
}

/** AIPerf's `profile_export.jsonl` of about so many bytes; returns its requests. */
export function writeAiperfRecords(file: string, bytes: number): number {
  return writeRecords(file, bytes, { open: "", between: "\n", close: "\n" }, aiperfRecord);
}

function writeRecords(
  file: string,
  bytes: number,
  form: { open: string; between: string; close: string },
  record: (index: number) => string,
): number {
  const handle = openSync(file, "w");
  let written = 0;
  let count = 0;
  let block = form.open;
  try {
    while (written + block.length < bytes) {
      block += `${count === 0 ? "" : form.between}${record(count)}`;
      count++;
      if (block.length > BLOCK_CHARACTERS) {
        written += writeSync(handle, block);
        block = "";
      }
    }
    writeSync(handle, `${block}${form.close}`);
  } finally {
    closeSync(handle);
  }
  return count;
}

/** Seconds into the run at which request `index` starts. */
function startOf(index: number): number {
  return (index / CONCURRENCY) * (TTFT_S + GAP_S * OUTPUT_TOKENS);
}

function perRequestRecord(index: number): string {
  const start = startOf(index);
  const times = Array.from(
    { length: OUTPUT_TOKENS },
    (_, token) => start + TTFT_S + (index % 7) / 1000 + token * GAP_S,
  );
  const prompt = `Tell me about number ${index}. `.repeat(40);
  return JSON.stringify(
    {
      start_time: start,
      end_time: (times.at(-1) ?? start) + 0.001,
      request: JSON.stringify({ model: "example-org/Example-8B-Instruct", prompt, stream: true }),
      response: "word ".repeat(OUTPUT_TOKENS),
      info: {
        request_metrics: { text: { input_tokens: INPUT_TOKENS }, image: null, video: null, audio: null },
        response_metrics: {
          output_tokens: OUTPUT_TOKENS,
          server_usage: { prompt_tokens: INPUT_TOKENS, completion_tokens: OUTPUT_TOKENS },
          response_chunks: times.map((_, token) => `data: {"choices":[{"index":0,"text":" w${token}"}]}`),
          chunk_times: times,
          output_token_times: times,
        },
        extra_info: {},
        lora_adapter: null,
        labels: {},
        input_tokens: INPUT_TOKENS,
      },
      error: null,
    },
    null,
    2,
  );
}

function aiperfRecord(index: number): string {
  const startNs = Math.round((EPOCH_S + startOf(index)) * NS_PER_S);
  const latencyMs = (TTFT_S + GAP_S * (OUTPUT_TOKENS - 1)) * MS_PER_S;
  return JSON.stringify({
    metadata: {
      session_num: index,
      x_request_id: `request-${index}`,
      turn_index: 0,
      request_start_ns: startNs,
      request_end_ns: startNs + latencyMs * 1e6,
      benchmark_phase: "profiling",
      was_cancelled: false,
    },
    metrics: {
      input_sequence_length: { value: INPUT_TOKENS, unit: "tokens" },
      output_sequence_length: { value: OUTPUT_TOKENS, unit: "tokens" },
      time_to_first_token: { value: TTFT_S * MS_PER_S + (index % 7), unit: "ms" },
      request_latency: { value: latencyMs, unit: "ms" },
      inter_token_latency: { value: GAP_S * MS_PER_S, unit: "ms" },
      inter_chunk_latency: {
        value: Array.from({ length: OUTPUT_TOKENS - 1 }, (_, token) => GAP_S * MS_PER_S + (token % 5) / 10),
        unit: "ms",
      },
    },
    error: null,
  });
}

/** A zip archive of files, stored without compression, written one after the other. */
export function writeZip(file: string, entries: Iterable<{ path: string; bytes: Uint8Array }>): void {
  const handle = openSync(file, "w");
  const directory: Buffer[] = [];
  let offset = 0;
  let count = 0;
  const write = (bytes: Buffer) => {
    offset += writeSync(handle, bytes);
  };
  try {
    for (const { path, bytes } of entries) {
      const name = Buffer.from(path);
      const common = Buffer.alloc(26);
      common.writeUInt16LE(20, 0);
      common.writeUInt32LE(crc32(bytes), 10);
      common.writeUInt32LE(bytes.length, 14);
      common.writeUInt32LE(bytes.length, 18);
      common.writeUInt16LE(name.length, 22);
      const place = Buffer.alloc(14);
      place.writeUInt32LE(offset, 10);
      directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, place, name]));
      write(Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, name, bytes]));
      count++;
    }
    const start = offset;
    for (const header of directory) write(header);
    const end = Buffer.alloc(22);
    end.write("PK\x05\x06", 0, "latin1");
    end.writeUInt16LE(count, 8);
    end.writeUInt16LE(count, 10);
    end.writeUInt32LE(offset - start, 12);
    end.writeUInt32LE(start, 16);
    write(end);
  } finally {
    closeSync(handle);
  }
}
