import { tributary } from "../test/support/command.ts";
import type { IssuedRecord } from "./issued-records.ts";
import { readJsonLines } from "../test/support/read-json-lines.ts";

interface Counts {
  readonly counts: Readonly<Record<"delivered" | "already" | "changed" | "dead" | "dropped" | "queued", number>>;
  readonly unmapped: number;
}

interface JudgeOptions {
  /** Senders gave records twice that are deliverable: they are `already delivered` the second time. */
  readonly mayComeAgain?: boolean;
  /** An input that was read to its end may have been read again from its start: its dead and dropped records count twice. */
  readonly isRepeated?: boolean;
  /** What is stored are rows of a lake: each id is in one. */
  readonly areRows?: boolean;
}

/**
 * Holds a lake and a state against what was issued: every payload is there byte for byte, once; nothing else is; and the state
 * says of all records how they ended. Of each kind of problem a few are told.
 */
export async function judgeLane(
  issued: readonly IssuedRecord[],
  stored: ReadonlyMap<string, ReadonlyMap<string, number>>,
  statePath: string,
  options: JudgeOptions = {},
): Promise<readonly string[]> {
  const problems = new Problems();
  const wanted = new Map(issued.flatMap(({ end, event }) => (end === "delivered" && event ? [[event.id, event]] : [])));
  const refused = new Set(issued.flatMap(({ end, event }) => (end === "refused" && event ? [event.id] : [])));
  for (const [id, { eventData }] of wanted) {
    const texts = stored.get(id);
    if (texts === undefined) problems.add("lost", id);
    else if (texts.size > 1) problems.add("twice in the lake", id);
    else if (!texts.has(eventData)) problems.add("other bytes", id);
    else if (options.areRows === true && texts.get(eventData) !== 1) problems.add("two rows", id);
  }
  for (const id of stored.keys())
    if (!wanted.has(id)) problems.add(refused.has(id) ? "refused, stored" : "invented", id);
  await judgeCounts(issued, wanted.size, statePath, options, problems);
  await judgeDeadLetters(issued, statePath, problems);
  return problems.texts;
}

const countOf = (issued: readonly IssuedRecord[], ...ends: readonly string[]) =>
  issued.filter(({ end }) => ends.includes(end)).length;

async function judgeCounts(
  issued: readonly IssuedRecord[],
  delivered: number,
  statePath: string,
  { mayComeAgain = false, isRepeated = false }: JudgeOptions,
  problems: Problems,
): Promise<void> {
  const status = await tributary(["status", "--state", statePath, "--json"]);
  const { counts, unmapped }: Counts = JSON.parse(status.stdout);
  const exact = { delivered, changed: 0, queued: 0 };
  const least = { dead: countOf(issued, "dead", "refused"), dropped: countOf(issued, "dropped") };
  const isRight = (end: keyof typeof counts, number: number, isLeast: boolean) =>
    isLeast ? counts[end] >= number : counts[end] === number;
  for (const [end, number] of Object.entries({ ...exact, ...least }))
    if (!isRight(end as keyof typeof counts, number, isRepeated && end in least))
      problems.add(`${end} is not ${number}`, JSON.stringify(counts));
  if (!mayComeAgain && !isRepeated && counts.already > 0) problems.add("already is not 0", String(counts.already));
  if (unmapped > 0) problems.add("unmapped", String(unmapped));
}

/** Each dead record has a letter, and letters hold the bytes of dead records. */
async function judgeDeadLetters(issued: readonly IssuedRecord[], statePath: string, problems: Problems): Promise<void> {
  const { stdout } = await tributary(["dlq", "ls", "--state", statePath, "--json"]);
  const letters = readJsonLines<Letter>(stdout);
  const of = (code: string) => new Set(letters.filter((one) => (one.code === "InvalidData") === (code === "refused")));
  const refusedIds = new Set([...of("refused")].map(({ eventId }) => eventId));
  for (const { end, event } of issued)
    if (end === "refused" && !refusedIds.has(event!.id)) problems.add("no dead letter", event!.id);
  const originals = new Set(issued.filter(({ end }) => end === "dead" || end === "refused").map(({ text }) => text));
  for (const { id } of letters.slice(0, 5)) {
    const shown = await tributary(["dlq", "show", String(id), "--reveal", "--state", statePath, "--json"]);
    const { original }: { original: string } = JSON.parse(shown.stdout);
    if (!originals.has(Buffer.from(original, "base64").toString("utf8").trimEnd()))
      problems.add("a dead letter of no record", shown.stdout.slice(0, 300));
  }
}

interface Letter {
  readonly id: number;
  readonly code: string;
  readonly eventId?: string;
}

/** What is wrong, a few of each kind. */
class Problems {
  readonly #kinds = new Map<string, string[]>();

  add(kind: string, detail: string): void {
    this.#kinds.set(kind, [...(this.#kinds.get(kind) ?? []), detail]);
  }

  get texts(): readonly string[] {
    return [...this.#kinds].map(([kind, found]) => `${kind}: ${found.length}, ${found.slice(0, 3).join(" ")}`);
  }
}
