import { Type } from "@sinclair/typebox";
import type { Page, Poll } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import type { Issued } from "./issued.ts";
import type { Passage } from "./process-state.ts";

export const moods = ["well", "unavailable", "refusing"] as const;
export type Mood = (typeof moods)[number];

/** A page that was handed out, and the one before it. */
interface Handed {
  readonly before: number;
  readonly records: readonly Issued[];
  readonly destinations: readonly number[];
}

const options = Type.Object({});

/** The API of a vendor: what it published is read page by page, and its last record comes again with the next page. */
export class SimulatedVendor {
  readonly published: Issued[] = [];
  mood: Mood = "well";
  readonly #pages: Handed[] = [];

  /** @param passage of the process @param destinations that its pages go to */
  poll(passage: Passage, destinations: readonly number[]): Poll {
    const next = (before: number, after: number) => this.#next(before, after, destinations);
    return {
      options,
      requestsPerMinute: 1000,
      exclusive: () => "toy",
      async *pages(cursor) {
        let { page, after } = cursorOf(cursor);
        for (;;) {
          const answer = await passage.pass(() => Promise.resolve(next(page, after)), true);
          if (answer instanceof TributaryError) throw answer;
          ({ page, after } = cursorOf(answer.cursor));
          yield answer;
        }
      },
    };
  }

  /** The pages that led to a cursor. */
  read(cursor: string | undefined): readonly Handed[] {
    const pages: Handed[] = [];
    for (let { page } = cursorOf(cursor === undefined ? undefined : JSON.parse(cursor)); page > 0;) {
      const handed = this.#pages[page - 1]!;
      pages.push(handed);
      page = handed.before;
    }
    return pages;
  }

  isRead(cursor: string | undefined): boolean {
    return cursorOf(cursor === undefined ? undefined : JSON.parse(cursor)).after === this.published.length;
  }

  #next(before: number, after: number, destinations: readonly number[]): Page | TributaryError {
    if (this.mood !== "well")
      return new TributaryError(`The vendor is ${this.mood}.`, {
        code: this.mood === "refusing" ? "VENDOR_REFUSED" : "VENDOR_UNAVAILABLE",
        retryable: this.mood === "unavailable",
      });
    const end = Math.min(after + pageSize, this.published.length);
    const records = end === after ? [] : this.published.slice(Math.max(0, after - 1), end);
    const page = this.#pages.push({ before, records, destinations });
    return {
      body: Buffer.from(records.map(({ text }) => `${text}\n`).join("")),
      format: "lines",
      cursor: { v: 1, page, after: end },
      waitSeconds: end < this.published.length ? 0 : 2,
    };
  }
}

const pageSize = 3;

function cursorOf(cursor: unknown): { page: number; after: number } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as written by #next
  return cursor === undefined ? { page: 0, after: 0 } : (cursor as { page: number; after: number });
}
