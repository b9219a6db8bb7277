import { text, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, Poll, PollHost } from "@tributary/adapter-kit";
import { readAnswer, VendorError, vendorNow } from "@tributary/adapter-kit/poll";
import { begunAgain, readCursor, turned, writeCursor } from "./poll-cursor.ts";
import { PollOptions } from "./poll-options.ts";
import { signedIn } from "./signed-in.ts";

/** Answers to a reference that the service no longer takes. */
const forgotten: ReadonlySet<number> = new Set([400, 404, 410]);
/** Queries that are broken off more often without getting on get nowhere. */
const mostLosses = 3;
/** Ids of records that were handed on: enough for the overlap of a busy tenant. */
const mostKnown = 100_000;

/**
 * The SIEM integration API of the Audit service: a query from a time on, ascending, read page by page by the service's
 * references until a page is empty; then the next query, which begins a little before the latest record, since the
 * service's date filter knows whole seconds only and records may come late. What was handed on before is left out where
 * this process remembers it; after a restart it comes twice, with the same ids.
 * Vendor page: docs.cyberark.com, Audit, "SIEM integration API".
 */
export const poll: Poll<typeof PollOptions> = {
  options: PollOptions,
  // CyberArk publishes no limit; a collector in wide use keeps to this one.
  requestsPerMinute: 50,

  history: "ordered",
  exclusive: (options) => `${new URL(options.apiUrl).origin}/api/audits/stream`,

  async *pages(stored, host) {
    const { pageSize, pollSeconds, overlapSeconds } = host.options;
    const ask = asking(host);
    const known = new Set<string>();
    let cursor = readCursor(stored, host.since);
    // How often a reference was forgotten in a row, and nothing was gained.
    let losses = 0;
    for (;;) {
      const begun = cursor.ref === undefined;
      if (cursor.ref === undefined) {
        const made = await ask("createQuery", query(cursor.from, pageSize));
        cursor = { ...cursor, ref: referenceOf(made?.value), began: vendorNow(made?.headers ?? new Headers(), host) };
      }
      const { ref } = cursor;
      const answer = await ask("results", { cursorRef: ref ?? "" }, !begun);
      if (answer === undefined) {
        // The reference was forgotten. What this query showed in order need not be asked for again.
        const { from, last, ordered } = cursor;
        cursor = ordered ? begunAgain({ ...cursor, latest: last }, overlapSeconds) : { ...cursor, ref: undefined };
        losses = cursor.from === from ? losses + 1 : 0;
        if (losses > mostLosses)
          throw new VendorError(
            "VENDOR_ANSWER_INVALID",
            "The Audit service forgets the references that it gave just now.",
          );
        continue;
      }
      const records = recordsOf(answer.value);
      const next = textAt(answer.value, "paging", "cursor", "cursorRef");
      // A reference that leads to itself would be followed for ever.
      const ends = records.length === 0 || next === undefined || next === ref;
      const read = turned(cursor, records.flatMap(timeOf), next);
      if (ends) losses = 0;
      const moved = ends ? begunAgain(read, overlapSeconds) : read;
      const ids = records.map((record) => textAt(record, "uuid"));
      const isNews = ids.some((id) => id === undefined || !known.has(id));
      const caughtUp = records.length === 0 || (ends && !isNews);
      yield {
        body: isNews ? answer.bytes : new Uint8Array(),
        format: "page",
        cursor: writeCursor(moved),
        waitSeconds: caughtUp ? pollSeconds : 0,
        caughtUp,
      };
      if (known.size > mostKnown) known.clear();
      for (const id of ids) if (id !== undefined) known.add(id);
      cursor = moved;
    }
  },
};

/** Asks one of the two calls; undefined where `mayBeForgotten` and the service no longer knows the reference. */
function asking(host: PollHost<Parameters<typeof signedIn>[0]["options"]>) {
  const send = signedIn(host);
  return async (call: "createQuery" | "results", body: Json, mayBeForgotten = false) => {
    const response = await send(new URL(`/api/audits/stream/${call}`, host.options.apiUrl), {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
    if (mayBeForgotten && forgotten.has(response.status)) {
      await response.body?.cancel();
      return undefined;
    }
    return readAnswer(response, { what: "records of CyberArk's Audit service" });
  };
}

const query = (from: number, pageSize: number): Json => ({
  query: {
    pageSize,
    filterModel: { date: { dateFrom: new Date(from).toISOString() } },
    sortModel: [{ field_name: "date", direction: "asc" }],
  },
});

function referenceOf(value: Json | undefined): string {
  const ref = textAt(value, "cursorRef");
  if (ref !== undefined) return ref;
  throw new VendorError("VENDOR_ANSWER_INVALID", "The Audit service's answer to a query holds no cursorRef.");
}

function recordsOf(value: Json): readonly Json[] {
  const data = valueAt(value, "data");
  if (Array.isArray(data)) return data as readonly Json[];
  throw new VendorError("VENDOR_ANSWER_INVALID", "The Audit service's answer is not a page of records.");
}

/** `timestamp`: ms, a number or, as some of the documentation has it, a text. */
function timeOf(record: Json): readonly number[] {
  const time = Number(`${text(valueAt(record, "timestamp"))}`);
  return Number.isFinite(time) ? [time] : [];
}
