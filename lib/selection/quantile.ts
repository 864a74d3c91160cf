/** Value at a share (0…1) of an ascending list, linear between its neighbours; `null` for an empty list. */
export function quantile(ascending: readonly number[], share: number): number | null {
  const position = (ascending.length - 1) * share;
  const low = ascending[Math.floor(position)];
  const high = ascending[Math.ceil(position)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (position - Math.floor(position));
}
