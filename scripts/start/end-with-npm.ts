/** How often the parent process is looked for. */
const INTERVAL_MS = 250;

/**
 * Calls `end` when the shell that npm runs its scripts in has ended. A signal to `npm start` reaches only that shell, which ends
 * without passing it on: the server would go on running.
 */
export function endWithNpm(end: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    end();
  }, INTERVAL_MS);
  look.unref();
}
