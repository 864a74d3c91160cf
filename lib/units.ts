/** Factors between units, each written once. */

export const MS_PER_SECOND = 1000;
export const NS_PER_MS = 1e6;
export const SECONDS_PER_MINUTE = 60;
export const SECONDS_PER_HOUR = 3600;
export const BITS_PER_BYTE = 8;
export const MIB_PER_GIB = 1024;
export const BYTES_PER_MIB = 1024 ** 2;
export const BYTES_PER_GIB = 1024 ** 3;
export const HOURS_PER_DAY = 24;
export const SECONDS_PER_DAY = SECONDS_PER_HOUR * HOURS_PER_DAY;
