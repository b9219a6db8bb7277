import type { Evidence } from "../core/report.ts";
import { Unmet } from "../core/unmet.ts";
import { event } from "../ingest/ingest-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import type { Answer } from "../wire/answer.ts";
import { relevant } from "./relevant.ts";
import { putOf, type Side, type Stage } from "./stage.ts";
import { ending, type Step } from "./steps.ts";

const dayMs = 86_400_000;

/**
 * Plays a sequence at the subject and at the reference lake. Answers how many steps the reference lake granted. Throws `Unmet` with all
 * steps at the first whose answer differs.
 */
export async function play(world: ServerWorld, stage: Stage, sequence: readonly Step[]): Promise<number> {
  const oracle = await stage.begin();
  const { subject } = stage;
  const played: { text: string; answered: string; evidence: Evidence | undefined }[] = [];
  let granted = 0;
  for (const step of [...sequence, ...ending]) {
    if (step.days !== undefined) {
      world.wire.subject.advance?.(step.days * dayMs);
      played.push({ text: step.text, answered: "", evidence: undefined });
      continue;
    }
    if (step.whileDeleted !== undefined && !(await isDeleted(oracle, step.whileDeleted))) continue;
    const makes = step.operation === "CreateEventDataStore" ? await free(stage, oracle, step) : step.makes;
    if (makes === null) continue;
    const input = (side: Side) => ({
      ...step.input(side.names, stage.prefix),
      ...(step.operation === "PutAuditEvents" && { entries: entries(world) }),
    });
    const right = await oracle.call(step.operation, input(oracle));
    const answer =
      step.operation === "PutAuditEvents"
        ? await world.wire.put(putOf(input(subject)))
        : await subject.call(step.operation, input(subject));
    const { evidence } = world.wire;
    for (const [side, made] of [
      [oracle, right],
      [subject, answer],
    ] as const)
      remember(side, makes, made);
    const [wanted, got] = [relevant(right, oracle.names), relevant(answer, subject.names)];
    const miss = { text: step.text, answered: got, evidence };
    if (wanted !== got)
      throw new Unmet(`${wanted} to step ${played.length + 1}, ${step.text}`, got, undefined, [...played, miss]);
    // What was only looked at is no part of what shows the miss.
    if (!ending.includes(step)) played.push(miss);
    if (right.status === 200 && !ending.includes(step)) granted++;
  }
  return granted;
}

/**
 * What a store is called that CreateEventDataStore would make; undefined where its name is taken, so that it makes none; null where it
 * would be a third one: then it is not asked.
 */
async function free(stage: Stage, oracle: Side, step: Step): Promise<string | undefined | null> {
  const { Name } = step.input(oracle.names, stage.prefix);
  let gone: string | null = null;
  for (const name of ["store-1", "store-2"]) {
    const { json } = await oracle.call("GetEventDataStore", { EventDataStore: oracle.names.arn(name) });
    if (json?.["Name"] === Name) return undefined;
    if (json?.["Name"] === undefined) gone ??= name;
  }
  return gone;
}

async function isDeleted({ names, call }: Side, name: string): Promise<boolean> {
  const { json } = await call("GetEventDataStore", { EventDataStore: names.arn(name) });
  return json?.["Status"] === "PENDING_DELETION";
}

function remember({ names }: Side, makes: string | undefined, { json }: Answer): void {
  const arn = json?.["ChannelArn"] ?? json?.["EventDataStoreArn"];
  if (makes !== undefined && typeof arn === "string") names.set(makes, arn);
}

const entries = (world: ServerWorld): readonly object[] => [
  { id: "the-event", eventData: JSON.stringify(event(world)) },
];
