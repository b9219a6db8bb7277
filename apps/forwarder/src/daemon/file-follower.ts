import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import { nodeFiles } from "../tail/node-files.ts";
import { Tail } from "../tail/tail.ts";
import type { TailFileSystem } from "../tail/tail-file-system.ts";
import { decodePlace, encodePlace } from "../tail/tail-place.ts";
import type { TailSink } from "../tail/tail-sink.ts";
import type { IntakeSink } from "./intake-sink.ts";
import type { Parking } from "./parking.ts";
import { reasonOf } from "./reason-of.ts";
import { sleep } from "./sleep.ts";

export interface FileFollowerOptions {
  readonly plan: IntegrationPlan;
  readonly sink: IntakeSink;
  readonly clock: Clock;
  readonly parking: Parking;
  /** Told of a file that cannot be read. */
  readonly onProblem: (error: unknown, path: string) => void;
  /** Told when what was said with a code is over. */
  readonly onOver: (code: string) => void;
  readonly files?: TailFileSystem | undefined;
}

const pollMs = 1000;
/** Code of what is told while there is no file. */
const missed = "INPUT_NOT_FOUND";
/** Of the time, at most one part in so many goes into looking. */
const share = 10;

/** Follows an integration's files, from the places of the state on. */
export class FileFollower {
  readonly #options: FileFollowerOptions;
  readonly #follows: NonNullable<IntegrationPlan["files"]>;
  #tail: Tail | undefined;

  constructor(options: FileFollowerOptions, follows: NonNullable<IntegrationPlan["files"]>) {
    this.#options = options;
    this.#follows = follows;
  }

  get counts(): Tail["counts"] {
    return this.#tail?.counts ?? { followed: 0, open: 0, unreadBytes: 0 };
  }

  /** Resolves when the signal aborts. What keeps the state from being written parks it; then it goes on from the state. */
  async run(signal: AbortSignal): Promise<void> {
    const { parking } = this.#options;
    // Whatever cannot be read is told with the first look.
    parking.begin();
    while (!signal.aborted)
      try {
        await this.#follow(signal);
      } catch (error) {
        if (!signal.aborted) await parking.park(reasonOf(error), signal);
      }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { plan, sink, clock, parking, onProblem, onOver, files = nodeFiles } = this.#options;
    const { paths, exclude, format, since, quietSeconds } = this.#follows;
    const places = [...(await sink.places.get("file")).values()].map(decodePlace);
    const begun = (await sink.places.get("files")).size > 0;
    const tail = new Tail({
      adapter: plan.adapter,
      paths,
      exclude,
      format,
      since,
      quietMs: quietSeconds * 1000,
      files,
      places,
      begun,
      now: () => clock.now(),
      sink: this.#sink(),
      onProblem,
    });
    this.#tail = tail;
    try {
      let isMissed = false;
      for (let isFirst = true; !signal.aborted; isFirst = false) {
        const start = clock.now();
        const more = await tail.pass(signal);
        parking.clear();
        if (isMissed && tail.counts.followed > 0) {
          isMissed = false;
          onOver(missed);
        }
        if (isFirst && tail.counts.followed === 0) {
          isMissed = true;
          onProblem(
            new TributaryError(`${paths.join(", ")}: no such file yet; it is looked for every second.`, {
              code: missed,
            }),
            paths[0]!,
          );
        }
        const took = clock.now() - start;
        if (!more) await sleep(clock, Math.max(pollMs, took * share), signal);
      }
    } finally {
      await tail.close();
      this.#tail = undefined;
    }
  }

  #sink(): TailSink {
    const { sink, clock } = this.#options;
    const owner = {};
    return {
      room: (signal) => sink.room(signal),
      commit: ({ records, places, forget, begun }) => {
        const at = clock.now();
        const put = places.map((place) => ({ kind: "file", key: place.id, value: encodePlace(place), at }));
        if (begun === true) put.push({ kind: "files", key: "begun", value: "{}", at });
        return sink.commit(records, { put, forget: forget.map((key) => ({ kind: "file", key })) }, owner);
      },
      keep: (piece, isFirst) => sink.keep(piece, isFirst, owner),
      release: () => sink.release(owner),
    };
  }
}
