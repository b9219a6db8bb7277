import type { TributaryError } from "@tributary/schema";
import type { ObjectReader } from "./object-reader.ts";
import type { ObjectSink } from "./object-sink.ts";
import { objectId, type ObjectRef } from "./object-store.ts";

const retryMs = 3_600_000;

export interface FailedObjectsOptions {
  readonly sink: ObjectSink;
  readonly reader: ObjectReader;
  /** ms since 1970. */
  readonly now: () => number;
  /** Told of an object that is set aside. */
  readonly onProblem: (error: unknown, ref: ObjectRef) => void;
}

/** Objects that could not be read, set aside in the state: nothing waits for them, they are tried again at the start and every hour. */
export class FailedObjects {
  count = 0;
  readonly #options: FailedObjectsOptions;
  #retryAt = 0;

  constructor(options: FailedObjectsOptions) {
    this.#options = options;
  }

  async add(ref: ObjectRef, error: TributaryError): Promise<void> {
    const { sink, now, onProblem } = this.#options;
    const place = { ...ref, position: 0, state: "failed", modifiedAt: 0, at: now(), code: error.code } as const;
    await sink.commit({ places: new Map([[objectId(ref), place]]) });
    this.count++;
    onProblem(error, ref);
  }

  /** Tries them again when it is time. */
  async retry(signal: AbortSignal): Promise<void> {
    const { sink, reader, now } = this.#options;
    if (now() < this.#retryAt) return;
    this.#retryAt = now() + retryMs;
    const failed = await sink.failed();
    this.count = failed.size;
    const refs = [...failed.values()].map(({ bucket, key, versionId, etag }) => ({ bucket, key, versionId, etag }));
    for await (const [ref, outcome] of reader.read(refs, signal)) {
      if (outcome === "stopped") return;
      if (typeof outcome !== "string") continue;
      await sink.commit({ forget: [objectId(ref)] });
      this.count--;
    }
  }
}
