import type { StorageKind } from "../options/manifest-options";
import { gcsfuseStorage } from "./gcsfuse";
import { hubStorage } from "./hub";
import { lustreStorage } from "./lustre";
import { ociImageStorage } from "./oci-image";
import { pvcStorage } from "./pvc";
import { s3Storage } from "./s3";
import type { Storage } from "./storage";

/** Every storage: one line each. */
export const STORAGE_KINDS: Record<StorageKind, Storage> = {
  hub: hubStorage,
  pvc: pvcStorage,
  gcsfuse: gcsfuseStorage,
  lustre: lustreStorage,
  s3: s3Storage,
  "oci-image": ociImageStorage,
};
