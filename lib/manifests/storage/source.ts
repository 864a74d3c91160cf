/** A segment of a path: nothing that leads out of the folder, nothing a shell, a mount option or YAML would read. */
const SEGMENT = "(?!\\.{1,2}(?:/|$))[A-Za-z0-9._-]{1,128}";
const PATH = `(?:/${SEGMENT}){0,12}/?`;

/** Names of Kubernetes objects: DNS subdomains. */
const CLAIM = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,3}";
const REGISTRY_AND_NAME =
  "[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*){1,8}";
const TAG_AND_DIGEST = "(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?";

/** `CLAIM` or `CLAIM/folder`. */
export const VOLUME_SOURCE = new RegExp(`^${CLAIM}${PATH}$`);
/** No bucket is named as an address of four numbers, nor has a label that begins or ends with a dash. */
const NO_ADDRESS = "(?![0-9]+(?:\\.[0-9]+){3}(?:/|$))(?![^/]*(?:\\.-|-\\.))";

/** `BUCKET` or `gs://BUCKET/folder`: 3 to 63 characters, no two dots together, not Google's own. */
export const GCS_SOURCE = new RegExp(
  `^(?:gs://)?${NO_ADDRESS}(?!goog)(?!.*\\.\\.)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]${PATH}$`,
);
/** `BUCKET` or `s3://BUCKET/folder`. */
export const S3_SOURCE = new RegExp(
  `^(?:s3://)?${NO_ADDRESS}(?!xn--)(?!.*\\.\\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]${PATH}$`,
);
/** `REGISTRY/NAME:TAG`, `…@sha256:…`, and after `#` the folder in the image. A tag or a digest is needed: `latest` is nobody's model. */
export const IMAGE_SOURCE = new RegExp(
  `^(?=.*(?::[A-Za-z0-9_][A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})(?:#|$))(?=[^#]{3,255}(?:#|$))${REGISTRY_AND_NAME}${TAG_AND_DIGEST}(?:#${SEGMENT}${PATH})?$`,
);

export interface FolderSource {
  /** Claim or bucket. */
  name: string;
  /** Without slashes at either end; `""` = all of it. */
  folder: string;
}

/** `gs://my-models/llama/` → `{name: "my-models", folder: "llama"}`; text that passed its pattern. */
export function folderSource(text: string): FolderSource {
  const [name = "", ...segments] = text.replace(/^(?:gs|s3):\/\//, "").split("/");
  return { name, folder: segments.filter((segment) => segment !== "").join("/") };
}

export interface ImageSource {
  reference: string;
  folder: string;
  /** By content: the same reference is the same model for ever. */
  pinned: boolean;
}

/** `registry/models/llama@sha256:…#models` → reference, folder `models`, pinned; text that passed its pattern. */
export function imageSource(text: string): ImageSource {
  const [reference = "", folder = ""] = text.split("#");
  return { reference, folder: folder.replace(/\/+$/, ""), pinned: reference.includes("@sha256:") };
}
