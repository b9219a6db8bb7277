/** What stands at the end of a text that was cut. */
export const trimmedMarker = "…[trimmed]";

/** `value` cut to at most `limit` code points, {@link trimmedMarker} included. Texts within the limit stay as they are. */
export function truncate(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const points = Array.from(value);
  if (points.length <= limit) return value;
  return points.slice(0, Math.max(0, limit - Array.from(trimmedMarker).length)).join("") + trimmedMarker;
}
