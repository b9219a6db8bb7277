import { isObject, refuseOtherKinds, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, OtherKind } from "@tributary/adapter-kit";

const has = (value: unknown, key: string) => valueAt(value, key) !== undefined;

/** What comes out of Falcon beside events: refused by name rather than mapped wrongly. */
export const otherKinds: readonly OtherKind[] = [
  {
    code: "THREAT_GRAPH_VERTEX",
    is: (value) => textAt(value, "metadata", "eventType") === "Vertex",
    path: "/metadata/eventType",
    why: "This is a vertex of the Threat Graph that some collectors add to a detection, not an event of the stream.",
  },
  {
    code: "API_ANSWER",
    is: (value) => has(value, "meta") && (has(value, "resources") || has(value, "errors")),
    path: "/meta",
    why: "This is an answer of the Falcon API (feeds, ids or errors), not a line of an event stream.",
  },
];

/**
 * The records of a line, of a line in the poller's envelope, or of an array; secrets of their audit keys masked. Throws
 * {@link Refused} for a single value of another kind.
 */
export function falconRecords(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).map(unwrapped);
  refuseOtherKinds(otherKinds, value);
  return [unwrapped(value)];
}

/** `{"feed", "line"}`, as the poller writes it: the line, with its feed as `feedId`. */
function unwrapped(value: Json): Json {
  const feed = textAt(value, "feed");
  const line = valueAt(value, "line");
  return feed !== undefined && isObject(line) && has(line, "metadata") ? { feedId: feed, ...line } : value;
}
