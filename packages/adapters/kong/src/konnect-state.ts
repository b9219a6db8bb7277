import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** How far a poller of Konnect has come. Times in ms. */
export interface KonnectState {
  /** Where the next window, or the one under way, begins. */
  readonly from: number;
  /** The window that is under way, and the API's cursor of its next page. */
  readonly window?: { readonly to: number; readonly after?: string | undefined } | undefined;
}

/** The state as a cursor. */
export function cursorOf({ from, window }: KonnectState): Json {
  if (window === undefined) return { v: 1, from };
  return {
    v: 1,
    from,
    window: window.after === undefined ? { to: window.to } : { to: window.to, after: window.after },
  };
}

/** The state of a cursor; of `since` for a first run and for a cursor that is not of this version. */
export function stateOf(cursor: Json | undefined, since: string): KonnectState {
  const from = valueAt(cursor, "from");
  if (valueAt(cursor, "v") !== 1 || typeof from !== "number") return { from: Date.parse(since) };
  const to = valueAt(cursor, "window", "to");
  return typeof to === "number" ? { from, window: { to, after: textAt(cursor, "window", "after") } } : { from };
}
