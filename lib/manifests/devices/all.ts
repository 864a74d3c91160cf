import type { DeviceAccess } from "../options";
import type { DevicePlanner } from "./devices";
import { dynamicResourceAllocation } from "./dra";
import { devicePlugin } from "./plugin";

/** Every way to devices that is written; one line each. */
export const DEVICE_PLANS: Partial<Record<DeviceAccess, DevicePlanner>> = {
  plugin: devicePlugin,
  dra: dynamicResourceAllocation,
};
