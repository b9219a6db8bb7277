import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Occurrences, withoutBlanks } from "../src/pipeline/occurrences.ts";
import { accept, scriptedServer } from "./support/scripted-server.ts";
import { scene, sendTo } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const bytes = (text: string) => Buffer.from(text);

test("records without an id that differ only in white space are two events, again and again", async () => {
  const server = await scriptedServer(accept);
  using place = scene();
  const file = place.write(
    "in.jsonl",
    '{"at":"2026-01-01T00:00:00Z","what":"log in"}\n{ "at": "2026-01-01T00:00:00Z",\t"what": "log in" }\n',
  );
  const sender = await sendTo(server.endpoint);
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 2, delivered: 2, balanced: true });
  expect(await place.run({ sender, files: [file] })).toMatchObject({ read: 2, alreadyDelivered: 2, balanced: true });
  await server.close();
  expect(server.stored.size).toBe(2);
});

test("blanks between tokens do not count, blanks inside texts do", () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(fc.array(json), fc.constantFrom(1, 2, "\t", " \t"), (value, indent) => {
      const compact = bytes(JSON.stringify(value));
      expect(Buffer.from(withoutBlanks(bytes(JSON.stringify(value, null, indent)))).equals(compact)).toBe(true);
      expect(withoutBlanks(compact)).toBe(compact);
    }),
  );
  for (const other of ['{"a":"x\\" y"', '{"a":"x y', "<14> a  b", "a, b"])
    expect(Buffer.from(withoutBlanks(bytes(other))).toString()).toBe(other);
});

test("the table counts as a map does, whatever the order, also beyond 255 and through its growth", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3000 }), { minLength: 2000, maxLength: 3000 }), (numbers) => {
      const table = new Occurrences();
      const map = new Map<number, number>();
      for (const number of [...numbers, ...Array.from({ length: 600 }, () => 7)]) {
        const seen = map.get(number) ?? 0;
        map.set(number, seen + 1);
        expect(table.count(bytes(`line ${number}`))).toBe(seen);
      }
    }),
    { numRuns: 10 },
  );
});

test("its memory is at most 24 bytes a distinct record", () => {
  const table = new Occurrences();
  for (let n = 0; n < 200_000; n++) table.count(bytes(`line ${n}`));
  console.log(`${(table.bytes / 200_000).toFixed(1)} bytes a record`);
  expect(table.bytes / 200_000).toBeLessThanOrEqual(24);
});
