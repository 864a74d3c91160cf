import type { Configuration } from "../../domain";

/** A release, comparable. */
export interface Release {
  major: number;
  minor: number;
  patch: number;
}

export interface ServerImage {
  /** `repository:tag`. */
  reference: string;
  /** As the version label has it. */
  tag: string;
  /** The release inside, for flags that came with a version. */
  release: Release;
  /** True where the tag is the version that was measured. */
  asMeasured: boolean;
  /** Why this tag, one or two sentences. */
  reason: string;
}

/** Whether `release` is `minimum` or later. */
export function isAtLeast(release: Release, minimum: Release): boolean {
  return (release.major - minimum.major || release.minor - minimum.minor || release.patch - minimum.patch || 0) >= 0;
}

/** A release that takes the place of the measured one, and says so. */
export function standIn(repository: string, tag: string, release: Release, why: string): ServerImage {
  return {
    reference: `${repository}:${tag}`,
    tag,
    release,
    asMeasured: false,
    reason: `${why}; ${tag} is a recent release in its place, so speed may differ from the figures. Change the tag if you know better.`,
  };
}

/** A moving tag says what was newest then, not what it was. */
const MOVING_TAG = /^(?:latest|nightly|main|dev|stable)$/i;

/** A recorded image as `repository` and `tag`; `null` where the text is no reference to an image with a tag. */
function taggedImage(image: string | null): { repository: string; tag: string } | null {
  const match = /^(?:docker\.io\/)?([a-z0-9][a-z0-9._/-]{0,200}):([A-Za-z0-9_][\w.-]{0,127})$/.exec(
    image?.trim() ?? "",
  );
  const [, repository, tag] = match ?? [];
  return repository === undefined || tag === undefined ? null : { repository, tag };
}

/**
 * What tells the release: the tag of the image that was measured, where it is one of the server's own, else the version.
 * @param repositories of the server's own project
 */
export function measuredVersion(
  { serverVersion, settings }: Pick<Configuration, "serverVersion" | "settings">,
  repositories: readonly string[],
): string | null {
  const image = taggedImage(settings.image);
  if (image === null || MOVING_TAG.test(image.tag) || !repositories.includes(image.repository)) return serverVersion;
  return image.tag;
}

/** How the image differs from the one that was measured, as part of a sentence; `null` = it is that, or which it was is not recorded. */
export function imageDeparture({ settings }: Pick<Configuration, "settings">, image: ServerImage): string | null {
  if (!image.asMeasured) return `image ${image.reference} in the place of ${shownImage(settings.image)}`;
  if (settings.image === null) return null;
  const recorded = taggedImage(settings.image);
  if (recorded !== null && `${recorded.repository}:${recorded.tag}` === image.reference) return null;
  return `image ${image.reference} in the place of ${shownImage(settings.image)}`;
}

/** A recorded image in a sentence: a stranger's text. */
function shownImage(image: string | null): string {
  return image === null ? "the one that was measured" : `"${image.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 120)}"`;
}
