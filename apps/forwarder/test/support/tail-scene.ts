import type { Adapter } from "@tributary/adapter-kit";
import { Tail, type TailOptions } from "../../src/tail/tail.ts";
import { decodePlace, encodePlace, type TailPlace } from "../../src/tail/tail-place.ts";
import type { TailRecords, TailSink } from "../../src/tail/tail-sink.ts";
import line from "./line-adapter.ts";
import { SimulatedFiles } from "./simulated-files.ts";

export const quietMs = 5000;

/** A tail over simulated files; what it commits, and a way to kill it. */
export class TailScene {
  readonly files = new SimulatedFiles();
  readonly records: TailRecords[] = [];
  readonly problems: string[] = [];
  /** The commit of this number fails, counted down. */
  failAfter = Number.POSITIVE_INFINITY;
  readonly #options: Partial<TailOptions>;
  readonly #adapter: Adapter;
  #places = new Map<string, string>();
  #begun = false;
  #tail: Tail;

  readonly #sink: Partial<TailSink>;

  constructor(options: Partial<TailOptions> = {}, adapter: Adapter = line, sink: Partial<TailSink> = {}) {
    this.#options = options;
    this.#sink = sink;
    this.#adapter = adapter;
    this.#tail = this.#open();
  }

  get tail(): Tail {
    return this.#tail;
  }

  get places(): readonly TailPlace[] {
    return [...this.#places.values()].map(decodePlace);
  }

  /** Whether something of a file is known to have been read. */
  isRead(path: string): boolean {
    const inode = this.files.facts(path)?.file;
    return this.places.some(({ file, position, goneAt }) => file === inode && position > 0 && goneAt === undefined);
  }

  /** Texts of all records that were committed, in order. */
  get texts(): readonly string[] {
    return this.records.flatMap(({ frames }) => frames.map(({ bytes }) => Buffer.from(bytes).toString()));
  }

  /** One pass, and as many more as it asks for. A commit that fails ends the tail, as a crash does. */
  async pass(): Promise<void> {
    try {
      for (let more = true, left = 1000; more && left > 0; left--)
        more = await this.#tail.pass(new AbortController().signal);
    } catch (error) {
      if (!(error instanceof Error) || error.message !== "commit") throw error;
      await this.kill();
    }
  }

  /** The process dies; another one starts from what was committed. */
  async kill(): Promise<void> {
    await this.#tail.close();
    this.#tail = this.#open();
  }

  /** Time goes on and nothing is written. */
  async quiet(): Promise<void> {
    for (let n = 0; n < 3; n++) {
      this.files.now += quietMs + 1;
      await this.pass();
    }
  }

  #open(): Tail {
    return new Tail({
      adapter: this.#adapter,
      paths: ["/logs/app.log*"],
      exclude: [],
      format: undefined,
      since: "start",
      quietMs,
      files: this.files,
      places: this.places,
      begun: this.#begun,
      now: () => this.files.now,
      onProblem: (error, path) => void this.problems.push(`${path}: ${String(error)}`),
      sink: {
        room: () => Promise.resolve(),
        keep: () => Promise.resolve(),
        release: () => undefined,
        commit: ({ records, places, forget, begun }) => {
          if (--this.failAfter < 0) {
            this.failAfter = Number.POSITIVE_INFINITY;
            return Promise.reject(new Error("commit"));
          }
          this.records.push(...records);
          for (const id of forget) this.#places.delete(id);
          for (const place of places) this.#places.set(place.id, encodePlace(place));
          this.#begun ||= begun === true;
          return Promise.resolve();
        },
        ...this.#sink,
      },
      ...this.#options,
    });
  }
}
