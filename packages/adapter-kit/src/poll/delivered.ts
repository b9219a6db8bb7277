import type { Json } from "../contract/json.ts";
import { contentId } from "../mapping/ids.ts";

/** Beyond so many records the memory is emptied: what is read again then is stored again, under the same ids. */
const most = 20_000;

/** Remembers the records of committed pages, so that a page of the overlap that holds nothing new is not stored again. */
export class Delivered {
  #digests = new Set<string>();

  /** Whether a page holds a record that no committed page held just so. */
  hasNews(records: readonly Json[]): boolean {
    return records.some((record) => !this.#digests.has(digestOf(record)));
  }

  /** To be told once the page is committed. */
  add(records: readonly Json[]): void {
    if (this.#digests.size > most) this.#digests = new Set();
    for (const record of records) this.#digests.add(digestOf(record));
  }
}

/** A record may be large, and 20,000 of them are remembered. */
const digestOf = (record: Json): string => contentId(record, 0, "");
