import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import { messageOf } from "../message-of.ts";
import type { Objects } from "../objects/objects.ts";
import type { HeadKey } from "./head-keys.ts";
import { type HeadStatement, parseRecord, recordHash, recordName, sequenceOf, signedRecord } from "./signed-record.ts";

export interface HeadSignerOptions {
  readonly catalog: Pick<Catalog, "storeHeads" | "readCommits" | "purges">;
  /** Where records are kept: each is put once and never again. */
  readonly records: Pick<Objects, "put" | "get" | "list">;
  readonly key: HeadKey;
  readonly clock: Clock;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

interface LastRecord {
  readonly statement: HeadStatement;
  readonly hash: string;
}

const signEveryMs = 3_600_000;
const retryMs = 300_000;
const lookEveryMs = 60_000;

/**
 * Signs where every store's history ends, once an hour and when the lake stops. A history that does not contain what was signed
 * before is not signed: that is logged as an error, each time. Whoever can write the lake's directory and not its key cannot make a
 * record, so `verify --signed-heads` finds a history that was written anew, however well.
 */
export class HeadSigner {
  readonly #options: HeadSignerOptions;
  readonly #timer: NodeJS.Timeout;
  #last: LastRecord | undefined;
  #opened = false;
  #next = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();

  constructor(options: HeadSignerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.tick(), lookEveryMs);
    this.#timer.unref();
  }

  /** Signs if it is time. Called once a minute; never rejects. */
  tick(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#opened) await this.#open();
      if (this.#options.clock.monotonic() >= this.#next) await this.#sign();
    });
  }

  /** Signs what has changed since it last did: nobody watches a lake that has stopped. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#inTurn(async () => {
      if (!this.#opened) await this.#open();
      const heads = await this.#options.catalog.storeHeads();
      if (JSON.stringify(heads) !== JSON.stringify(this.#last?.statement.heads ?? [])) await this.#sign();
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#options;
    this.#running = this.#running.then(work).catch((error: unknown) => {
      this.#next = clock.monotonic() + retryMs;
      log({ level: "error", event: "heads-not-signed", message: messageOf(error) });
    });
    return this.#running;
  }

  /** Goes on after the last record. */
  async #open(): Promise<void> {
    const { records, clock } = this.#options;
    let sequence = 0;
    for await (const file of records.list("heads-")) sequence = Math.max(sequence, sequenceOf(file) ?? 0);
    if (sequence > 0) {
      const name = recordName(sequence);
      const text = Buffer.from(await records.get(name)).toString("utf8");
      const statement = parseRecord(text);
      if (typeof statement === "string" || statement.sequence !== sequence)
        throw new TributaryError(
          `The last signed heads, ${name}, were changed: ${typeof statement === "string" ? statement : "they are of another number"}. Run tributary-lake verify --signed-heads.`,
          { code: "SIGNED_HEADS_NOT_VALID" },
        );
      this.#last = { statement, hash: recordHash(text) };
      const age = clock.now() - Date.parse(statement.signedAt);
      if (age >= 0 && age < signEveryMs) this.#next = clock.monotonic() + signEveryMs - age;
    }
    this.#opened = true;
  }

  async #sign(): Promise<void> {
    const { catalog, records, key, clock, log } = this.#options;
    const last = this.#last;
    // Before the heads are read: a commit meanwhile is in the next record.
    await this.#refuseOtherHistory(last?.statement.heads ?? []);
    const heads = (await catalog.storeHeads()).map(({ storeId, version, chain }) => ({ storeId, version, chain }));
    const statement: HeadStatement = {
      kind: "tributary-lake/signed-heads",
      format: 1,
      sequence: (last?.statement.sequence ?? 0) + 1,
      signedAt: new Date(clock.now()).toISOString(),
      previous: last?.hash ?? "",
      key: key.fingerprint,
      heads,
    };
    const text = signedRecord(statement, key);
    await records.put(recordName(statement.sequence), Buffer.from(text, "utf8"));
    this.#last = { statement, hash: recordHash(text) };
    this.#next = clock.monotonic() + signEveryMs;
    log({ level: "debug", event: "heads-signed", sequence: statement.sequence, stores: heads.length });
  }

  async #refuseOtherHistory(signed: HeadStatement["heads"]): Promise<void> {
    const { catalog } = this.#options;
    let purged: ReadonlySet<string> | undefined;
    for (const { storeId, version, chain } of signed) {
      if (version === 0) continue;
      const [commit] = await catalog.readCommits(storeId, version - 1, 1);
      if (commit?.version === version && commit.chain === chain) continue;
      purged ??= new Set((await catalog.purges()).filter(({ scope }) => scope === "store").map((each) => each.storeId));
      if (commit === undefined && purged.has(storeId)) continue;
      throw new TributaryError(
        `Version ${version} of store ${storeId}, whose head was signed, is not in the lake's history any more, so nothing is signed. Run tributary-lake verify --signed-heads. If an older backup was restored on purpose, name a new directory with --signed-heads.`,
        { code: "SIGNED_HEADS_OTHER_HISTORY" },
      );
    }
  }
}
