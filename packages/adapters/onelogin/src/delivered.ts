import { contentId } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** Beyond so many events the memory is emptied: what is read again then is stored again, under the same ids. */
const most = 20_000;

/** Remembers the events of committed pages, so that a page of the overlap that holds nothing new is not stored again. */
export class Delivered {
  #digests = new Set<string>();

  /** Whether a page holds an event that no committed page held just so. */
  hasNews(events: readonly Json[]): boolean {
    return events.some((event) => !this.#digests.has(digestOf(event)));
  }

  /** To be told once the page is committed. */
  add(events: readonly Json[]): void {
    if (this.#digests.size > most) this.#digests = new Set();
    for (const event of events) this.#digests.add(digestOf(event));
  }
}

/** An event may be large, and 20,000 of them are remembered. */
const digestOf = (event: Json): string => contentId(event, 0, "");
