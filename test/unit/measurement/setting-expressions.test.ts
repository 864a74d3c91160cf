import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SettingPlace, settingAt } from "../../../lib/measurement/setting-expressions";
import { shippedReading } from "../shipped-figures";

const PLACE: SettingPlace = {
  load: 64,
  concurrency: 64,
  inputTokens: 1024,
  outputTokens: 8192,
  workloadId: "random-1024-8192",
};

function readAs(text: string, place: SettingPlace = PLACE) {
  const found = settingAt(text, place);
  return found.kind === "known" ? found.value : found.kind;
}

describe("a setting that depends on load or lengths", () => {
  it.each([
    ["{concurrency}", 64],
    ["{input_tokens+output_tokens+256}", 9472],
    ["{input_tokens*2}", 2048],
    ["{floor(concurrency/8)}", 8],
    ["{ceil((2*floor(concurrency/4)+input_tokens+64)/64)*64}", 1152],
    ["{max(8192,ceil((concurrency+input_tokens+64)/64)*64)}", 8192],
    ["{concurrency if concurrency<8 else floor(concurrency/8)}", 8],
    ["{10 at load 4, 8; 30 at load 16, 64}", 30],
    ["{512 at workload random-1024-1024; 256 at workload random-1024-8192, random-8192-1024}", 256],
    ["{true at workload random-1024-8192; not set at workload random-1024-1024}", true],
    [
      "{max(8192,ceil((concurrency+input_tokens+64)/64)*64) at load 32; ceil((concurrency+input_tokens+64)/64)*64 at load 64}",
      1152,
    ],
    ["{not set at load 4, 64; 16384 at load 30}", "notSet"],
    ["fp8", "fp8"],
    ['{"image": 0}', '{"image": 0}'],
  ])("%s", (text, value) => expect(readAs(text)).toEqual(value));

  it("is a list where the source writes one, or a run of numbers", () => {
    expect(readAs("{[1, 2, 4] at load 64; [1] at load 4}")).toEqual([1, 2, 4]);
    expect(readAs("1..4")).toEqual([1, 2, 3, 4]);
  });

  it.each([
    "{10 at load 4, 8; 30 at load 16}",
    "{by load and lengths: 196608, 32768}",
    "180 sizes from 1 to 8192",
    "{14 sizes up to 2048 at load 64; 5 sizes up to 16 at load 4}",
    "{[1,2,4,8]+[256,512,...,<=max_num_tokens]+[max_num_tokens]}",
    "{process.exit(1)}",
    "{concurrency/0}",
    "{constructor}",
  ])("is not known where nothing says what it was: %s", (text) => expect(readAs(text)).toBe("unknown"));

  it("is not known where the load or the lengths are not", () => {
    expect(readAs("{concurrency}", { ...PLACE, concurrency: null })).toBe("unknown");
    expect(readAs("{input_tokens*2}", { ...PLACE, inputTokens: null })).toBe("unknown");
  });

  it("is worked out inside documents, leaving out what was not set", () => {
    const document = {
      cuda_graph: { sizes: "1..3", largest: "{concurrency}", pad: "{not set at load 64; true at load 4}" },
    };
    expect(settingAt(document, PLACE)).toEqual({
      kind: "known",
      value: { cuda_graph: { sizes: [1, 2, 3], largest: 64 } },
    });
  });

  it("never throws and never takes long, whatever a report says", () => {
    const text = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.stringMatching(/^\{[a-z0-9+*/(),<. ]{0,80}\}$/),
      fc.nat(3000).map((depth) => `{${"(".repeat(depth)}1${")".repeat(depth)}}`),
      fc.nat(3000).map((count) => `{${"-".repeat(count)}1}`),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(["known", "unknown", "notSet"]).toContain(settingAt(value, PLACE).kind);
      }),
    );
  });

  it("is read in nearly all shipped expressions at one of their own loads", () => {
    let readable = 0;
    let all = 0;
    for (const { configuration, workload, points } of shippedReading().runs) {
      const [point] = points;
      if (point === undefined) continue;
      const place: SettingPlace = {
        load: point.loadValue,
        concurrency: point.loadKind === "concurrency" ? point.loadValue : null,
        inputTokens: workload.inputTokens,
        outputTokens: workload.outputTokens,
        workloadId: `${workload.dataset}-${workload.inputTokens}-${workload.outputTokens}`,
      };
      for (const value of Object.values(configuration.settings.serverArguments ?? {})) {
        if (typeof value !== "string" || !value.startsWith("{")) continue;
        all += 1;
        if (settingAt(value, place).kind !== "unknown") readable += 1;
      }
    }
    expect(all).toBeGreaterThan(200);
    expect(readable / all).toBeGreaterThan(0.8);
  });
});
