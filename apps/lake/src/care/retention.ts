import { dropExpired, type RetentionPorts } from "./drop-expired.ts";

/** A clock that jumps ahead and comes back within this must not cost a day's events. */
export const confirmMs = 600_000;

/** Retention by eventTime: a day goes when every look at it, for ten minutes of monotonic time, found it too old. */
export class Retention {
  readonly #ports: RetentionPorts;
  readonly #confirmMs: number;
  /** Days that are too old, `STORE/DAY`, and since when on the monotonic clock. */
  #since = new Map<string, number>();

  constructor(ports: RetentionPorts, confirm: number = confirmMs) {
    this.#ports = ports;
    this.#confirmMs = confirm;
  }

  /** One look at every store (id -> retention in ms). Answers what it dropped, one entry a store. */
  async look(
    stores: ReadonlyMap<string, number>,
  ): Promise<readonly { readonly storeId: string; readonly files: number; readonly rows: number }[]> {
    const now = this.#ports.clock.monotonic();
    const since = new Map<string, number>();
    const dropped: { storeId: string; files: number; rows: number }[] = [];
    for (const [storeId, retentionMs] of stores) {
      const files = await dropExpired(this.#ports, storeId, retentionMs, ({ eventDay }) => {
        const key = `${storeId}/${eventDay}`;
        const first = this.#since.get(key) ?? now;
        since.set(key, first);
        return now - first >= this.#confirmMs;
      });
      if (files.length > 0)
        dropped.push({ storeId, files: files.length, rows: files.reduce((sum, { rows }) => sum + rows, 0) });
    }
    this.#since = since;
    return dropped;
  }
}
