import { isArray, isObject, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import type { BuiltIn } from "./formats/built-in.ts";
import { builtIns } from "./formats/built-ins.ts";
import { splitRecords } from "./mapping/split-records.ts";
import type { CompiledMapping } from "./mapping/compile-mapping.ts";

const all = Object.values(builtIns);

/** Names under which APIs, trails and hubs wrap their records. */
const wrappers = ["Records", "records", "events", "items", "value"];

/** The built-in format that a record is of, the first of them; undefined for none. */
export function builtInOf(record: Json): BuiltIn | undefined {
  return all.find((format) => format.is(record));
}

/** The records of a value: of arrays, of wrappers that hold records of built-in formats, as those formats read them. */
export function readBuiltIn(value: Json): readonly Json[] {
  return unwrapped(value, (record) => builtInOf(record)?.read?.(record) ?? [record], builtInOf);
}

/** The records of a value as a mapping has them: split by its plan, read by the format that it extends. */
export function readMapped(value: Json, mapping: Pick<CompiledMapping, "split" | "format">): readonly Json[] {
  if (isArray(value)) return value.flatMap((one) => readMapped(one, mapping));
  const { split, format } = mapping;
  const read = (record: Json): readonly Json[] => format?.read?.(record) ?? [record];
  if (split !== undefined) return splitRecords(value, split).flatMap(read);
  if (format !== undefined) return unwrapped(value, read, (record) => (format.is(record) ? format : undefined));
  return soleArray(value) ?? [value];
}

function unwrapped(
  value: Json,
  read: (record: Json) => readonly Json[],
  formatOf: (record: Json) => BuiltIn | undefined,
): readonly Json[] {
  if (isArray(value)) return value.flatMap((one) => unwrapped(one, read, formatOf));
  if (!isObject(value)) return [value];
  if (formatOf(value) !== undefined) return read(value);
  const sole = soleArray(value);
  if (sole !== undefined) return sole.flatMap((one) => unwrapped(one, read, formatOf));
  const name = wrappers.find((key) => isArray(valueAt(value, key)));
  const elements = name === undefined ? undefined : value[name];
  if (name === undefined || !isArray(elements)) return [value];
  // Beside the records of a page stand counts and links: its own, not theirs.
  const { [name]: _elements, ...around } = value;
  const isPage = Object.values(around).every((member) => typeof member !== "object" || member === null);
  return isPage && elements.some((one) => formatOf(one) !== undefined)
    ? elements.flatMap((one) => unwrapped(one, read, formatOf))
    : [value];
}

/** The elements of a wrapper that holds nothing but an array of objects; undefined for anything else. */
function soleArray(value: Json): readonly Json[] | undefined {
  if (!isObject(value)) return undefined;
  const [[name, member] = ["", null], ...more]: readonly [string, Json][] = Object.entries(value);
  if (more.length > 0 || !wrappers.slice(0, 3).includes(name) || !isArray(member)) return undefined;
  return member.every(isObject) ? member : undefined;
}
