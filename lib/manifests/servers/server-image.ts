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
