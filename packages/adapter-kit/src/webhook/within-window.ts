/** How far a sender's clock may be off, and how long a delivery can be sent again: 5 minutes. */
export const replayWindowSeconds = 300;

/**
 * Whether a delivery's own time is within the replay window.
 * @param seconds since 1970, as the sender wrote it (a text of digits) or a number
 * @param now ms since 1970
 */
export function withinWindow(seconds: string | number | null | undefined, now: number): boolean {
  const at = typeof seconds === "number" ? seconds : /^\d{1,12}$/.test(seconds ?? "") ? Number(seconds) : Number.NaN;
  return Math.abs(now / 1000 - at) <= replayWindowSeconds;
}
