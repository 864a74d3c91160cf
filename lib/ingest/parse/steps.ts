/** Long work in steps: whoever does it may let others take their turn between two of them. */
export type Steps<T> = Generator<undefined, T>;

/** What the work comes to, done at once. */
export function wholeOf<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
