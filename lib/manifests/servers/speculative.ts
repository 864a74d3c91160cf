import type { Configuration } from "../../domain";
import { isSettings } from "../../measurement/settings";
import { ok, type Result, refused } from "../../result";
import { hasKnownMtp } from "./model-facts";

const MTP = /^mtp[-_ ]?([1-9])$/;

/** Whether the measured settings say themselves how tokens were guessed ahead, so that nothing has to be worked out. */
function recordsSpeculation({ server, speculative, speculativeTokens, settings }: Configuration): boolean {
  if (speculativeTokens === null || settings.serverArguments === null) return false;
  if (server?.startsWith("sglang")) return typeof settings.serverArguments["speculative-num-steps"] === "number";
  if (server === "trtllm") return isSettings(settings.engineOptions?.speculative_config);
  return server?.startsWith("vllm") === true && /^mtp/i.test(speculative ?? "");
}

/**
 * Tokens predicted ahead by multi-token prediction, as measured; `null` where there was no speculative decoding. Everything
 * else is refused: without it the server would be slower than the figures, with a guessed setting it would be another one.
 * @param flag the server's setting, as refusals name it
 */
export function mtpTokens(configuration: Configuration, flag: string): Result<number | null> {
  const { speculative, model, checkpoint, server } = configuration;
  if (speculative === null || speculative === "" || speculative === "none") return ok(null);
  const measured = `Measured with speculative decoding ("${speculative}")`;
  if (recordsSpeculation(configuration)) return ok(configuration.speculativeTokens);
  const text = speculative.toLowerCase();
  if (text === "mtp") {
    return refused(
      `${measured}; how many tokens it predicts ahead is not recorded, so ${flag} cannot be written down. Record it with the measurement (mtp1, mtp3 …).`,
    );
  }
  const tokens = MTP.exec(text)?.[1];
  if (tokens === undefined) {
    return refused(
      `${measured}; the exact ${flag} is not recorded, and without it the server would be slower than the figures say.`,
    );
  }
  if (!hasKnownMtp(server ?? "", model)) {
    return refused(
      `${measured}; for ${model} the exact ${flag} is not recorded (it is certain for DeepSeek V3 and R1 only), and without it the server would be slower than the figures say.`,
    );
  }
  if (checkpoint !== null && /mtp/i.test(checkpoint)) {
    return refused(`${measured} with the draft weights ${checkpoint}; how they were loaded is not recorded.`);
  }
  return ok(Number(tokens));
}
