import { createHash } from "node:crypto";
import type { Configuration } from "../../domain";

const MODEL_SLUG_CHARACTERS = 26;
const ACCELERATOR_SLUG_CHARACTERS = 14;
const HASH_CHARACTERS = 8;
const LABEL_VALUE_CHARACTERS = 63;

/** Lower-case letters, digits and single dashes, at most `maximum` characters, no dash at either end; may be empty. */
export function slug(text: string, maximum: number): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, maximum)
    .replace(/-+$/, "");
}

/**
 * Name of everything in a bundle: a DNS label that also is a valid Service name (RFC 1035, at most 63 characters).
 * Readable part first; the hash of the configuration id keeps configurations apart whose readable parts are equal, so
 * two choices can live in one namespace and the same choice always updates itself.
 * @param maximum characters, where what is made from the name needs room; the model's part is cut
 */
export function instanceName(
  configuration: Configuration,
  acceleratorsPerReplica: number,
  maximum = LABEL_VALUE_CHARACTERS,
): string {
  const lastSegment = configuration.model.split("/").filter(Boolean).at(-1) ?? "";
  const model = slug(lastSegment, MODEL_SLUG_CHARACTERS) || "model";
  const accelerator = slug(configuration.accelerator, ACCELERATOR_SLUG_CHARACTERS) || "accelerator";
  const hash = createHash("sha256").update(configuration.configurationId).digest("hex").slice(0, HASH_CHARACTERS);
  const start = /^[a-z]/.test(model) ? model : `m-${model}`;
  const rest = `-${accelerator}-x${acceleratorsPerReplica}-${hash}`;
  return `${start.slice(0, maximum - rest.length).replace(/-+$/, "")}${rest}`;
}

/** A label value: at most 63 of `[A-Za-z0-9_.-]`, alphanumeric at both ends; may be empty. */
export function labelValue(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, LABEL_VALUE_CHARACTERS)
    .replace(/[^A-Za-z0-9]+$/, "");
}

/** Name of something that belongs to a bundle: at most 63 characters, so that it can be a Service and a label value. */
export function suffixed(name: string, suffix: string): string {
  return `${name.slice(0, LABEL_VALUE_CHARACTERS - suffix.length - 1).replace(/-+$/, "")}-${suffix}`;
}

/** Room for the bundle's name and the namespace's beside its hash. */
const POOL_NAME_CHARACTERS = 40;
const POOL_NAMESPACE_CHARACTERS = 13;

/**
 * Name of what makes a bundle's nodes, which belongs to the whole cluster: with the namespace in it, so that two namespaces with
 * the same configuration have nodes of their own, and deleting one leaves the other's.
 */
export function nodesName(name: string, namespace: string | null): string {
  if (namespace === null) return name;
  const hash = createHash("sha256").update(namespace).digest("hex").slice(0, HASH_CHARACTERS);
  const readable = slug(namespace, POOL_NAMESPACE_CHARACTERS) || "namespace";
  return `${shortened(name, POOL_NAME_CHARACTERS)}-${readable}-${hash}`;
}

/** A shorter instance name: the readable part is cut, the hash at its end still keeps configurations apart. */
export function shortened(name: string, maximum: number): string {
  if (name.length <= maximum) return name;
  const hash = name.slice(-HASH_CHARACTERS);
  return `${name.slice(0, maximum - HASH_CHARACTERS - 1).replace(/-+$/, "")}-${hash}`;
}
