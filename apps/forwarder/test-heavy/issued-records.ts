import { type Adapter, mapFrame } from "@tributary/adapter-kit";

/** How a record that the oracle issued must end. */
export type End = "delivered" | "refused" | "dead" | "dropped";

/** A record as the oracle issued it, and what must come of it. */
export interface IssuedRecord {
  /** Its bytes as JSON. */
  readonly text: string;
  readonly end: End;
  /** Of its event; undefined for one that never becomes one. */
  readonly event?: { readonly id: string; readonly eventData: string } | undefined;
}

/** Some records of a file are identical byte for byte: kept apart by how many came before, or by their place. */
type Repeats = "none" | "by count" | "by place";

interface IssuerOptions {
  readonly repeats?: Repeats;
  /** Some ids begin with `bad-`: the oracle's own server refuses them. */
  readonly refuses?: boolean;
}

export const accountId = "111122223333";

/** Text in which bytes, UTF-16 code units and escapes differ. */
const texts = ["plain", "Größe \u2028 „x“", 'a "quoted" \\ path\\to', "日本語のログ", "🦕 emoji", "tab\tand\nline"];

/** Issues records one after the other and knows, from the mapping itself, the bytes that a lake must hold of each. */
export class Issuer {
  readonly records: IssuedRecord[] = [];
  readonly #adapter: Adapter;
  readonly #format: string;
  readonly #prefix: string;
  readonly #random: () => number;
  readonly #repeats: Repeats;
  readonly #refuses: boolean;
  #offset = 0;
  readonly #seen = new Map<string, number>();

  /**
   * @param prefix of the ids: no two issuers of one lane share one
   */
  constructor(
    adapter: Adapter,
    format: string,
    prefix: string,
    random: () => number,
    { repeats = "none", refuses = true }: IssuerOptions = {},
  ) {
    this.#adapter = adapter;
    this.#format = format;
    this.#prefix = prefix;
    this.#random = random;
    this.#repeats = repeats;
    this.#refuses = refuses;
  }

  /**
   * @param clean all of them are delivered, each under an id of its own
   * @returns the new ones
   */
  issue(count: number, clean = false): readonly IssuedRecord[] {
    const fresh = Array.from({ length: count }, (_, n) => this.#next(this.records.length + n, clean));
    for (const record of fresh) this.records.push(record);
    return fresh;
  }

  #next(n: number, clean: boolean): IssuedRecord {
    const luck = clean ? 1 : this.#random();
    const id = `${this.#prefix}-${n}`;
    const base = { at: "2026-01-01T00:00:00Z", what: `Test${n % 7}` };
    const detail = { n, text: `${texts[n % texts.length]!}${"t".repeat(Math.floor(this.#random() * 200))}` };
    if (luck < 0.002) return this.#made({ ...base, at: "never", id, ...detail }, "dead");
    if (luck < 0.004 && this.#refuses) return this.#made({ ...base, id: `bad-${id}`, ...detail }, "refused");
    if (luck < 0.01) return this.#made({ ...base, what: "noise", kind: "noise", id, ...detail }, "dropped");
    // Identical bytes stay apart by their occurrence.
    if (luck < 0.03 && this.#repeats !== "none")
      return this.#made({ ...base, same: this.#prefix, kept: n % 3 }, "delivered");
    return this.#made({ ...base, id, ...detail }, "delivered");
  }

  #made(record: object, end: End): IssuedRecord {
    const text = JSON.stringify(record);
    const before = this.#seen.get(text) ?? 0;
    this.#seen.set(text, before + 1);
    const occurrence = this.#repeats === "by place" ? this.#offset : before;
    this.#offset += Buffer.byteLength(text) + 1;
    const origin = { receivedAt: "2026-01-01T00:00:00.000Z", occurrence };
    const [result] = mapFrame(this.#adapter, this.#format, Buffer.from(text), { accountId, origin });
    const kind = { delivered: "event", refused: "event", dead: "refused", dropped: "dropped" }[end];
    if (result?.kind !== kind) throw new Error(`${text} was to be ${end} and is ${JSON.stringify(result)}`);
    return { text, end, event: result.kind === "event" ? { id: result.id, eventData: result.eventData } : undefined };
  }
}
