import type { DeviceAccess } from "../options/manifest-options";
import type { DevicePlanner } from "./device-plan";
import { dynamicResourceAllocation } from "./dra";
import { devicePlugin } from "./plugin";

/** Every way to devices: one line each. */
export const DEVICE_PLANS: Record<DeviceAccess, DevicePlanner> = {
  plugin: devicePlugin,
  dra: dynamicResourceAllocation,
};
