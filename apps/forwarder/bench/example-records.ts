import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { fileURLToPath } from "node:url";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));

/** Where each vendor keeps its record's id. */
const identify: Readonly<Record<string, (record: Readonly<Record<string, unknown>>, id: string) => object>> = {
  okta: (record, id) => ({ ...record, uuid: id }),
  github: (record, id) => ({ ...record, ["_document_id"]: id }),
  crowdstrike: (record, id) => ({ ...record, metadata: { ...Object(record["metadata"]), offset: id } }),
};

const place = "PLACE-OF-THE-ID";

/** Records of an adapter's examples, each with an id of its own: JSON texts without a line's end, one after the other, for ever. */
export function* exampleRecords(adapter: string): Generator<string, never, void> {
  const withId = identify[adapter];
  if (withId === undefined)
    throw new Error(`There are no example records of ${adapter}, but of ${Object.keys(identify).join(", ")}.`);
  const parts = readdirSync(examples + adapter)
    .flatMap((file) => readFileSync(`${examples}${adapter}/${file}`, "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.stringify(withId(JSON.parse(line), place)).split(place));
  for (let n = 0; ; n++) {
    const [before, after] = parts[n % parts.length]!;
    yield `${before}${idOf(n)}${after}`;
  }
}

/** As UUIDs are, with digits that do not repeat: a file of equal lines would be compressed to nothing. */
function idOf(n: number): string {
  const digits = (BigInt(n + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835n).toString(16).padStart(32, "0").slice(-32);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`;
}

/** Writes lines of {@link exampleRecords} of so many bytes or a little more, and answers how many they are. */
export function writeExamples(adapter: string, bytes: number, path: string): number {
  const file = openSync(path, "w");
  let records = 0;
  let written = 0;
  let lines = "";
  for (const record of exampleRecords(adapter)) {
    lines += `${record}\n`;
    records++;
    if (lines.length < 1_000_000) continue;
    written += writeSync(file, lines);
    lines = "";
    if (written >= bytes) break;
  }
  closeSync(file);
  return records;
}
