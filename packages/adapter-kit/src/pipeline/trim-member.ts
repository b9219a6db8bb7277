import type { Json, JsonObject } from "../contract/json.ts";
import { digestOf } from "../digest.ts";
import { pointerTo } from "../json-pointer.ts";
import { getOwn, isArray, isObject, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";
import { utf8Length } from "@tributary/schema";

/** What the copy of a trimmed value takes beside its head. */
const overhead = 120;
/** After so many cuts the member is trimmed as one value: work stays linear however a record is built. */
const maxCuts = 32;

const sizeOf = (value: Json) => utf8Length(JSON.stringify(value));

/**
 * A member that fits: while it is over `limit` bytes of compact JSON, the largest value in it is replaced by
 * `{"trimmed": true, "sha256": base64url of the original, "bytes": its size, "head": its beginning}`, as deep as one cut
 * suffices and with as long a head as fits. A string's own text is hashed and headed, of other values their compact JSON.
 * The same member always gives the same copy.
 * @param pointer of the member in the event
 * @returns the member and the JSON pointer of each cut
 */
export function trimMember(
  member: JsonObject,
  limit: number,
  pointer: string,
): { member: JsonObject; paths: readonly string[] } {
  const paths: string[] = [];
  let current = member;
  for (let size = sizeOf(current); size > limit; size = sizeOf(current)) {
    const steps = paths.length < maxCuts ? largest(current, size - limit) : undefined;
    if (steps === undefined) return { member: trimmedCopy(member, sizeOf(member), limit - 2), paths: [pointer] };
    const cut = replaceAt(current, steps, size - limit);
    if (isObject(cut)) current = cut;
    paths.push(steps.reduce<string>(pointerTo, pointer));
  }
  return { member: current, paths };
}

/** The path to the value to cut: the largest member of each level, as long as cutting it alone suffices. */
function largest(member: JsonObject, excess: number): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  let level: Json = member;
  for (;;) {
    const entries: readonly (readonly [string | number, Json])[] = isArray(level)
      ? [...level.entries()]
      : isObject(level)
        ? Object.entries(level)
        : [];
    let best: { key: string | number; value: Json; size: number } | undefined;
    for (const [key, value] of entries) {
      const size = sizeOf(value);
      if (best === undefined || size > best.size) best = { key, value, size };
    }
    if (best === undefined || (steps.length > 0 && best.size < excess + overhead)) break;
    if (best.size <= 2 * overhead) return undefined;
    steps.push(best.key);
    level = best.value;
  }
  return steps.length === 0 ? undefined : steps;
}

function replaceAt(value: Json, steps: readonly (string | number)[], excess: number): Json {
  const [step = "", ...below] = steps;
  const child = getOwn(value, step)!;
  const size = sizeOf(child);
  const cut = below.length > 0 ? replaceAt(child, below, excess) : trimmedCopy(child, size, size - excess);
  if (isArray(value)) return value.with(Number(step), cut);
  const copy: Draft = isObject(value) ? { ...value } : {};
  setOwn(copy, String(step), cut);
  return copy;
}

/** The copy that stands for `value`, at most `limit` bytes where that leaves room for marker and digest. */
function trimmedCopy(value: Json, bytes: number, limit: number): JsonObject {
  const original = typeof value === "string" ? value : JSON.stringify(value);
  const sha256 = digestOf(original);
  const copy = (head: string) => ({ trimmed: true, sha256, bytes, head });
  return copy(headWithin(original, limit - sizeOf(copy(""))));
}

/** The longest beginning of a text that takes at most `budget` bytes between the quotes of JSON. Never half of a pair. */
function headWithin(text: string, budget: number): string {
  let at = 0;
  for (let spent = 0; at < text.length;) {
    const point = text.codePointAt(at)!;
    spent += bytesInJson(point);
    if (spent > budget) break;
    at += point > 0xffff ? 2 : 1;
  }
  return text.slice(0, at);
}

function bytesInJson(point: number): number {
  if (point < 0x20) return point >= 8 && point <= 13 && point !== 11 ? 2 : 6;
  if (point === 0x22 || point === 0x5c) return 2;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  if (point >= 0xd800 && point < 0xe000) return 6;
  return point > 0xffff ? 4 : 3;
}
