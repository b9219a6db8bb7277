import { decompressOriginal } from "../../src/state/chunk-codec.ts";
import type { IntegrationReport } from "../../src/state/state-report.ts";
import { type Intake, intakesOf } from "./intakes.ts";
import { eventDataOf, type Issued } from "./issued.ts";
import type { SimulatedLake } from "./simulated-lake.ts";
import { reportsOf } from "./reports-of.ts";
import { arnOf } from "./simulated-config.ts";
import type { World } from "./world.ts";

/** A record that was not delivered, as the state has it. */
interface Letter {
  readonly id: string;
  readonly code: string;
  readonly text: string;
  readonly isDiscarded: boolean;
}

/** Holds the lakes and the ledger against what was given to the forwarders. Throws what is wrong. */
export async function judge(world: World): Promise<void> {
  const reports = await reportsOf(world);
  for (const integration of world.integrations)
    for (const destination of world.whole.destinations) {
      const report = reports.find(({ channelArn }) => channelArn === arnOf(integration, destination));
      if (report === undefined) throw new Error(`The state does not know ${arnOf(integration, destination)}.`);
      const intakes = intakesOf(world, integration, destination);
      const letters = lettersOf(world, arnOf(integration, destination));
      const problems = [
        ...problemsOfLake(world.lake(integration, destination), intakes, destination),
        ...problemsOfEnds(world, world.lake(integration, destination), intakes, letters),
        ...problemsOfCounts(world, report, world.lake(integration, destination), intakes, letters),
      ];
      if (problems.length > 0) throw new Error(`toy-${integration} to-${destination}: ${problems.join("\n")}`);
    }
}

function lettersOf(world: World, arn: string): readonly Letter[] {
  return world
    .ask(
      `SELECT e.event_id, e.code, e.kind, o.bytes FROM exception e JOIN integration i ON i.id = e.integration
        LEFT JOIN original o ON o.chunk = e.chunk AND o.frame = e.frame
        WHERE i.channel = ? AND (e.kind = 'dead' OR e.code = 'discarded')`,
      arn,
    )
    .map((row) => ({
      id: typeof row["event_id"] === "string" ? row["event_id"] : "",
      code: String(row["code"]),
      text: row["bytes"] instanceof Uint8Array ? decompressOriginal(row["bytes"]).toString() : "",
      isDiscarded: row["kind"] !== "dead",
    }));
}

/** Nothing invented, nothing changed, nothing twice. */
function problemsOfLake({ stored }: SimulatedLake, intakes: readonly Intake[], destination: number): string[] {
  const known = new Map<string, Set<string>>();
  for (const { records } of intakes)
    for (const record of records)
      if (record.id !== "")
        known.set(record.id, (known.get(record.id) ?? new Set()).add(eventDataOf(record, destination)));
  return [...stored].flatMap(([id, texts]) => {
    const issued = known.get(id);
    if (issued === undefined) return [`${id} is in the lake, and was not to come there`];
    const problems = [...texts].filter((text) => !issued.has(text)).map(() => `${id} came with other bytes`);
    if (texts.size > issued.size) problems.push(`${id} is ${texts.size} rows of the lake`);
    return problems;
  });
}

/** Every record that was taken in has its end; what came in together came in as a whole. */
function problemsOfEnds(
  world: World,
  { stored, refused }: SimulatedLake,
  intakes: readonly Intake[],
  letters: readonly Letter[],
): string[] {
  const dead = new Set(letters.map(({ id }) => id));
  const texts = new Set(intakes.flatMap(({ records }) => records.map(({ text }) => text)));
  // What was discarded is forgotten one by one after some time.
  const isGone = world.hasDiscarded && world.hasForgotten;
  const hasEnd = ({ id }: Issued) => stored.has(id) || dead.has(id) || (isGone && refused.has(id));
  const times = new Map<string, number>();
  for (const { records } of intakes) for (const { id } of records) times.set(id, (times.get(id) ?? 0) + 1);
  const problems = letters.flatMap(({ id, text, code, isDiscarded }) => [
    ...(isDiscarded || texts.has(text) ? [] : [`the letter of ${id || text || code} has not the bytes of a record`]),
    ...(id === "" || refused.has(id) ? [] : [`${id} is dead of ${code}, and no lake refused it`]),
  ]);
  for (const { records, least } of intakes) {
    const good = records.filter(({ id }) => id !== "");
    const ended = good.filter(hasEnd);
    if (least > 0 && ended.length < good.length)
      problems.push(
        `${good
          .filter((one) => !hasEnd(one))
          .map(({ id }) => id)
          .join(", ")} was taken in, and has no end`,
      );
    const alone = good.filter(({ id }) => times.get(id) === 1);
    if (least === 0 && alone.some(hasEnd) && !alone.every(hasEnd))
      problems.push(`of ${alone.map(({ id }) => id).join(", ")} some have an end, which came in together`);
  }
  return problems;
}

function problemsOfCounts(
  world: World,
  report: IntegrationReport,
  { stored }: SimulatedLake,
  intakes: readonly Intake[],
  letters: readonly Letter[],
): string[] {
  const { counts, unmapped, taken, open } = report;
  const { read, delivered, already, changed, dead, dropped, queued } = counts;
  const of = (kind: "noise" | "broken" | "any") => {
    const count = ({ records }: Intake) => records.filter((one) => kind === "any" || one.kind === kind).length;
    return {
      least: intakes.reduce((sum, one) => sum + one.least * count(one), 0),
      most: intakes.reduce((sum, one) => sum + one.most * count(one), 0),
    };
  };
  const problems: string[] = [];
  const between = (what: string, n: number, { least, most }: { readonly least: number; readonly most: number }) => {
    if (n < least || n > most)
      problems.push(`${what}: ${n}, and not ${least === most ? least : `${least} to ${most}`}`);
  };
  const equal = (what: string, n: number, m: number) => between(what, n, { least: m, most: m });
  equal("queued", queued + unmapped + open, 0);
  between("read", read, of("any"));
  equal("taken", taken, read);
  equal("ends", delivered + already + changed + dead + dropped, read);
  const discarded = letters.filter(({ isDiscarded }) => isDiscarded).length;
  equal("letters", letters.length - discarded, dead);
  if (!world.hasForgotten) between("dropped", dropped - discarded, of("noise"));
  const broken = letters.filter(({ id }) => id === "").length;
  if (!world.hasForgotten || !world.hasDiscarded) between("broken records", broken, of("broken"));
  const ids = new Set(letters.map(({ id }) => id));
  const isMixed = [...stored].some(([id, texts]) => ids.has(id) || texts.size > 1);
  if (world.hasForgotten) return problems;
  if (isMixed)
    between("delivered", delivered, {
      least: [...stored.keys()].filter((id) => !ids.has(id)).length,
      most: stored.size,
    });
  else equal("delivered", delivered, stored.size);
  equal("remembered", report.remembered.events, delivered);
  const twins = intakes.some(({ records }) => records.some(({ kind }) => kind === "twin"));
  if (!twins) equal("changed", changed, 0);
  return problems;
}
