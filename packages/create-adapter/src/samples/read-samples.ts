import { decodeCsv, decodeJson, decodeText, framerOf, isObject, jsonLines, Refused } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { readCef } from "@tributary/adapter-kit/readers";
import type { Cef } from "@tributary/adapter-kit/readers";
import { CreateAdapterError } from "../create-adapter-error.ts";
import { jsonPointer } from "../proposal/json-pointer.ts";
import { cefRecord } from "./cef-record.ts";
import { recordsPointer } from "./records-pointer.ts";
import type { SampleFormat } from "./sample-format.ts";
import type { Samples } from "./samples.ts";

/** No more records are looked at: a proposal gets no better. */
const maxRecords = 1000;

/**
 * The records of a sample file: JSON lines, a JSON array, JSON documents (also with the records in an array inside), CSV, or
 * CEF lines. Throws `SAMPLES_NOT_USABLE` for anything else and for a file without a record.
 * @param bytes of the file, or its beginning
 * @param isCut whether the file goes on after `bytes`: its last record is then left out
 */
export function readSamples(bytes: Uint8Array, { isCut = false }: { readonly isCut?: boolean } = {}): Samples {
  const text = textOf(isCut ? bytes.subarray(0, bytes.lastIndexOf(10) + 1) : bytes);
  const found = readFormat(text);
  if (found.records.length === 0)
    throw new CreateAdapterError(
      "SAMPLES_NOT_USABLE",
      "The sample file holds no record. Give one with at least one: JSON objects, CSV rows or CEF lines.",
    );
  return found;
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeText(bytes);
  } catch (cause) {
    throw new CreateAdapterError(
      "SAMPLES_NOT_USABLE",
      "The sample file is not UTF-8; convert it first, for instance with iconv, and unpack it if it is packed.",
      cause,
    );
  }
}

function readFormat(text: string): Samples {
  const head = text.slice(0, 65_536);
  if (/^[^\n]{0,512}?\bCEF: ?\d{1,3}(?:\.\d{1,3})?\|/.test(head.trimStart())) return cefLines(text);
  if (jsonLines.sniff?.(head) === true) {
    const lines = jsonFrames(text, { kind: "ndjson" });
    // One line may also be a whole page of records.
    return lines.records.length === 1 && lines.unread === 0 ? documents(text, lines) : lines;
  }
  if (/^\s*[[{]/.test(head)) return documents(text);
  if (/^[^\n]+,[^\n]*\n/.test(head)) return csv(text);
  throw new CreateAdapterError(
    "SAMPLES_NOT_USABLE",
    "The sample file is neither JSON (lines, an array, documents) nor CSV with a header row nor CEF lines.",
  );
}

function documents(text: string, whole = jsonFrames(text, { kind: "json", pointer: [] })): Samples {
  const [only, ...more] = whole.records;
  const pointer = only === undefined || more.length > 0 ? [] : recordsPointer(only);
  return pointer.length === 0 ? whole : jsonFrames(text, { kind: "json", pointer });
}

function jsonFrames(text: string, format: SampleFormat): Samples {
  const pointer = format.kind === "json" ? jsonPointer(format.pointer) : "";
  const framer = framerOf(format.kind === "ndjson" ? "line" : { elementsOf: pointer });
  const frames = [...framer.push(new TextEncoder().encode(text)), ...framer.end()];
  const values = frames.slice(0, maxRecords).map((frame) => decoded(frame.bytes));
  return collected(format, values);
}

function decoded(bytes: Uint8Array): Json | undefined {
  try {
    return decodeJson(decodeText(bytes)).value;
  } catch {
    return undefined;
  }
}

function csv(text: string): Samples {
  try {
    const rows = decodeCsv(text).slice(0, maxRecords);
    const [first] = rows;
    return collected({ kind: "csv", header: isObject(first) ? Object.keys(first) : [] }, rows);
  } catch (cause) {
    throw new CreateAdapterError(
      "SAMPLES_NOT_USABLE",
      `The sample file looks like CSV and is none: ${cause instanceof Refused ? cause.message : "it cannot be read."}`,
      cause,
    );
  }
}

function cefLines(text: string): Samples {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(0, maxRecords);
  const read = lines.flatMap((line) => {
    const cef = readCefLine(line);
    return cef === undefined ? [] : [{ line, record: cefRecord(cef) }];
  });
  return {
    format: { kind: "cef" },
    records: read.map(({ record }) => record),
    lines: read.map(({ line }) => line),
    unread: lines.length - read.length,
  };
}

function readCefLine(line: string): Cef | undefined {
  try {
    return readCef(line);
  } catch {
    return undefined;
  }
}

function collected(format: SampleFormat, values: readonly (Json | undefined)[]): Samples {
  const records = values.filter((value): value is JsonObject => isObject(value));
  return { format, records, lines: [], unread: values.length - records.length };
}
