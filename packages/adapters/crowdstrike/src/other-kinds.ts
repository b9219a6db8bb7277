import { Refused, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { maskAuditKeys } from "./mask-audit-keys.ts";

const has = (value: Json, key: string) => valueAt(value, key) !== undefined;

const eventMembers = ["event_simpleName", "metadata", "ExternalApiType"];

/** What comes out of Falcon beside events: refused by name rather than mapped wrongly. */
const otherKinds: readonly {
  readonly code: string;
  readonly is: (value: Json) => boolean;
  readonly path: string;
  readonly why: string;
}[] = [
  {
    code: "THREAT_GRAPH_VERTEX",
    is: (value) => textAt(value, "metadata", "eventType") === "Vertex",
    path: "/metadata/eventType",
    why: "This is a vertex of the Threat Graph that some collectors add to a detection, not an event of the stream.",
  },
  {
    code: "FDR_INVENTORY",
    is: (value) => (has(value, "aid") || has(value, "cid")) && !eventMembers.some((key) => has(value, key)),
    path: "",
    why: "This is an inventory line of Falcon Data Replicator (hosts, assets, users, scores): it describes a state, nothing happened.",
  },
  {
    code: "API_ANSWER",
    is: (value) => has(value, "meta") && (has(value, "resources") || has(value, "errors")),
    path: "/meta",
    why: "This is an answer of the Falcon API (feeds, ids or errors), not a line of an event stream.",
  },
];

/** The records of a line or an array, secrets of their audit keys masked. Throws {@link Refused} for a single value of another kind. */
export function falconRecords(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).map(maskAuditKeys);
  for (const kind of otherKinds) {
    if (kind.is(value)) throw new Refused(kind.code, kind.why, kind.path);
  }
  return [maskAuditKeys(value)];
}
