import { SERVERS } from "../servers/all";
import type { Measured } from "../servers/server";
import type { AskedOptions } from "./manifest-options";

/**
 * What was asked for, and, where the measured server exports no load, neither autoscaler nor monitoring unless asked for: what
 * nobody chose must not stand in the way of a manifest. What was asked for stays and is refused with its reason.
 */
export function readableOptions(asked: AskedOptions, measured: Measured): AskedOptions {
  const server = SERVERS.find((item) => item.name === measured.configuration.server);
  if (server === undefined || server.exportsLoad(measured)) return asked;
  return { ...asked, autoscaler: asked.autoscaler ?? "none", monitoring: asked.monitoring ?? "none" };
}
