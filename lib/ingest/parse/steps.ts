/** Long work cut into steps, so that whoever runs it can let other work happen in between. */
export type Steps<T> = Generator<undefined, T>;

/** The result of the work, done without pauses. */
export function wholeOf<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
