import type { Field } from "./fields-of.ts";
import type { Guess } from "./proposal.ts";
import { quoted } from "./quoted.ts";
import { rank } from "./rank.ts";

/** Names of a record's own id, the plainest first. */
const names = [
  "event_id",
  "event_uuid",
  "event_uid",
  "uuid",
  "id",
  "uid",
  "guid",
  "log_id",
  "record_id",
  "audit_id",
  "audit_log_id",
  "entry_id",
  "metadata_uid",
  "external_id",
  "message_id",
  "document_id",
];
const maybe = ["request_id", "transaction_id", "sequence", "sequence_number", "seq"];
/** What an `id` may stand in and still be the record's. */
const own = /^(?:event|log|record|audit|entry|metadata|extension|meta|header|data|detail)$/;

/** The record's own id: a member that differs in every sample. */
export function guessId(fields: readonly Field[], samples: number): Guess | undefined {
  const [best] = rank(fields, {
    samples,
    fits: (value) => typeof value !== "boolean" && String(value).length <= 512,
    share: 1,
    score: ({ name, longName, path, values }) => {
      if (path.length > 2 || (path.length === 2 && !own.test((path[0] ?? "").toLowerCase()))) return 0;
      if (new Set(values.map(String)).size < values.length) return 0;
      const listed = names.indexOf(path.length > 1 && names.includes(longName) ? longName : name);
      return listed >= 0 ? 100 - listed : maybe.includes(name) ? 30 : 0;
    },
    what: "has a value that no other sample has,",
    isNeeded: false,
  });
  if (best === undefined || samples > 1) return best;
  // One sample shows nothing about uniqueness.
  return {
    ...best,
    isSure: false,
    why: `${quoted(best.path)} is named like an id; one sample does not show that it is unique.`,
  };
}
