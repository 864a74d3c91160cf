import { recordedStart } from "../plan/recorded-start";
import { SERVERS } from "../servers/all";
import type { Measured } from "../servers/server";
import type { AskedOptions } from "./manifest-options";

/**
 * The options asked for. Where the measured server exports no load, autoscaler and monitoring are off unless asked for: a default
 * must not prevent a manifest. If asked for, they stay, and are refused with the reason.
 */
export function readableOptions(asked: AskedOptions, measured: Measured): AskedOptions {
  const { configuration } = recordedStart(measured.configuration);
  const server = SERVERS.find((item) => item.name === configuration.server);
  if (server === undefined || server.exportsLoad({ ...measured, configuration })) return asked;
  return { ...asked, autoscaler: asked.autoscaler ?? "none", monitoring: asked.monitoring ?? "none" };
}
