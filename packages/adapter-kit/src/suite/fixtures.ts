import { textAt, valueAt } from "../mapping/text.ts";
import { parseJson } from "../own-property.ts";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Adapter } from "../contract/adapter.ts";
import type { Json } from "../contract/json.ts";
import type { Origin } from "../contract/origin.ts";
import type { Result } from "../contract/result.ts";
import { framerOf } from "../frames/frames.ts";
import { framedRecords, mapFrame } from "../decode/map-frame.ts";
import type { FrameContext } from "../decode/map-frame.ts";
import { sniffFormat } from "../sniff-format.ts";

/** A fixture: what a vendor sends in `name.record.<ext>`, what becomes of it in `name.event.json`. */
export interface Fixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly format: string;
  /** As `name.context.json` says: `{"format", "options", "receivedAt"}`, each optional. */
  readonly context: FrameContext;
  /** Where the expected results stand. */
  readonly expectedPath: string;
}

/** A record of a fixture with its result. */
export interface FixtureRecord {
  readonly fixture: Fixture;
  readonly record: Json;
  readonly context: FrameContext;
  readonly result: Result;
}

/** The account and the receipt every fixture is mapped with. */
export const fixtureContext: FrameContext = {
  accountId: "111122223333",
  origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
};

/** The fixtures of a folder, in the order of their names. Throws for one whose format nothing tells. */
export function readFixtures(adapter: Adapter, folder: string | URL): readonly Fixture[] {
  const path = typeof folder === "string" ? folder : fileURLToPath(folder);
  return readdirSync(path)
    .filter((file) => /\.record\.[a-z0-9]+$/.test(file))
    .toSorted()
    .map((file) => {
      const name = file.slice(0, file.indexOf(".record."));
      const bytes = readFileSync(join(path, file));
      const contextPath = join(path, `${name}.context.json`);
      const told = existsSync(contextPath) ? parseJson(readFileSync(contextPath, "utf8")) : {};
      const format = textAt(told, "format") ?? sniffFormat(adapter, bytes);
      if (format === undefined)
        throw new Error(`No format of ${adapter.name} recognises ${file}: name one in ${name}.context.json.`);
      const { origin: usual } = fixtureContext;
      const origin: Origin = { ...usual, receivedAt: textAt(told, "receivedAt") ?? usual.receivedAt };
      return {
        name,
        bytes,
        format,
        context: { ...fixtureContext, origin, options: valueAt(told, "options") },
        expectedPath: join(path, `${name}.event.json`),
      };
    });
}

/** Frames and maps a file as a host does: occurrences are counted over byte-identical frames. */
export function mapFile(
  adapter: Adapter,
  format: string,
  bytes: Uint8Array,
  context: FrameContext,
): readonly MappedFrame[] {
  const found = adapter.formats[format];
  if (found === undefined) throw new Error(`${adapter.name} has no format ${format}.`);
  const framer = framerOf(found.frame);
  const seen = new Map<string, number>();
  return [...framer.push(bytes), ...framer.end()].map((frame) => {
    const key = adapter.countsOccurrences === true ? Buffer.from(frame.bytes).toString("latin1") : "";
    const occurrence = adapter.countsOccurrences === true ? (seen.get(key) ?? 0) : 0;
    seen.set(key, occurrence + 1);
    const told: FrameContext = { ...context, origin: { ...context.origin, occurrence }, tooLong: frame.tooLong };
    return {
      offset: frame.offset,
      bytes: frame.bytes,
      context: told,
      results: mapFrame(adapter, format, frame.bytes, told),
    };
  });
}

/** A frame of a file and what became of it. */
export interface MappedFrame {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly context: FrameContext;
  readonly results: readonly Result[];
}

/** Each record of a fixture with its result; records of frames that cannot be decoded are left out. */
export function recordsOf(adapter: Adapter, fixture: Fixture): readonly FixtureRecord[] {
  return mapFile(adapter, fixture.format, fixture.bytes, fixture.context).flatMap((frame) => {
    const records = framedRecords(adapter, fixture.format, frame.bytes) ?? [];
    return frame.results.flatMap((result, index) => {
      const record = records[index];
      return record === undefined ? [] : [{ fixture, record, context: frame.context, result }];
    });
  });
}

/** Results as a fixture shows them: the event parsed, indented, so that a diff can be read. */
export function showResults(results: readonly Result[]): string {
  const shown = results.map((result) =>
    result.kind === "event"
      ? { id: result.id, event: parseJson(result.eventData), marks: result.marks }
      : { [result.kind]: withoutKind(result) },
  );
  return `${JSON.stringify(shown.length === 1 ? shown[0] : shown, null, 2)}\n`;
}

function withoutKind({ kind: _kind, part: _part, ...rest }: Exclude<Result, { kind: "event" }>): object {
  return rest;
}

/**
 * Compares a fixture's results with its file. With `TRIBUTARY_FIXTURES=update` in the environment it writes the file
 * instead; the diff of the commit then shows what changed.
 * @returns the text there is and the text there should be
 */
export function compareFixture(
  adapter: Adapter,
  fixture: Fixture,
): { readonly actual: string; readonly expected: string } {
  const actual = showResults(
    mapFile(adapter, fixture.format, fixture.bytes, fixture.context).flatMap(({ results }) => results),
  );
  if (process.env["TRIBUTARY_FIXTURES"] === "update") writeFileSync(fixture.expectedPath, actual);
  if (!existsSync(fixture.expectedPath))
    throw new Error(
      `${fixture.expectedPath} is missing: run the test with TRIBUTARY_FIXTURES=update, then read what it wrote.`,
    );
  return { actual, expected: readFileSync(fixture.expectedPath, "utf8") };
}
