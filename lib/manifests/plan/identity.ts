/** What a bundle's own objects are known by. */
export interface Identity {
  name: string;
  /** `app.kubernetes.io/*` of every object. */
  labels: Record<string, string>;
  /** Name and instance: what selectors use, because selectors never change. */
  selector: Record<string, string>;
}
