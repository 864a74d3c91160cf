import { AsyncLocalStorage } from "node:async_hooks";

type Asked = Map<unknown, Promise<unknown>>;

// On globalThis: the server and the pages it renders are bundles of their own, and must speak of the same request.
const REQUEST = Symbol.for("inference-quickstart.request");
type WithRequest = typeof globalThis & { [REQUEST]?: AsyncLocalStorage<Asked> };

function currentRequest(): AsyncLocalStorage<Asked> {
  const holder: WithRequest = globalThis;
  holder[REQUEST] ??= new AsyncLocalStorage();
  return holder[REQUEST];
}

/** Does the work of one request that only reads: what it asks {@link oncePerRequest} is the same from its begin to its end. */
export function withinRequest<T>(work: () => T): T {
  return currentRequest().run(new Map(), work);
}

/**
 * An answer that a request asks for many times, on its way and by each part of its page: asked of the database once, so that it
 * takes one round trip and all parts speak of the same. Outside of a request it is asked anew each time; so is what failed.
 * @param key what is asked, alike for the same question
 */
export function oncePerRequest<T>(key: unknown, ask: () => Promise<T>): Promise<T> {
  const asked = currentRequest().getStore();
  if (asked === undefined) return ask();
  const known = asked.get(key);
  // What stands under a key is what its question is answered with.
  if (known !== undefined) return known as Promise<T>;
  const fresh = ask();
  asked.set(key, fresh);
  fresh.catch(() => asked.delete(key));
  return fresh;
}
