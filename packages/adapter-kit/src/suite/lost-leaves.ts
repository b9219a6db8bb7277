import type { Json } from "../contract/json.ts";
import type { Mark } from "../contract/result.ts";
import { pointerSegments, pointerTo } from "../json-pointer.ts";
import { trimmedMarker } from "../mapping/truncate.ts";
import { leavesOf, withValue } from "./leaves.ts";
import type { Leaf } from "./leaves.ts";

/** An event of one record, its eventData parsed. */
export interface ShownEvent {
  readonly event: Json;
  readonly marks: readonly Mark[];
}

/**
 * The leaves of a record that its event does not show. A leaf is shown under its own path somewhere in the event, or as
 * another value or key of it (its mapped place), or by a mark that says it was masked or cut. The record serialised as
 * one text shows nothing.
 * @param map maps a changed record; given it, a value that was found must also follow a change of the record, so that a
 * `true` or a `0` that stands in the event for another reason, or a constant, does not count. Undefined for records it does not map.
 */
export function lostLeaves(
  record: Json,
  shown: ShownEvent,
  map?: (record: Json) => ShownEvent | undefined,
): readonly Leaf[] {
  const index = indexOf(shown);
  return leavesOf(record)
    .map(repaired)
    .filter((leaf) => {
      if (leaf.path.length === 0 || isMarked(leaf, shown.marks)) return false;
      const own = atOwnPath(leaf, index);
      if (!own && !elsewhere(leaf, index)) return true;
      return map !== undefined && !followsChange(record, leaf, own, map);
    });
}

const repair = (text: string) => text.replaceAll(/\p{Surrogate}/gu, "\ufffd");

/** Half surrogate pairs arrive as U+FFFD, marked as trimmed. */
function repaired({ path, value }: Leaf): Leaf {
  return { path: path.map(repair), value: typeof value === "string" ? repair(value) : value };
}

interface EventIndex {
  readonly leaves: readonly Leaf[];
  readonly texts: ReadonlySet<string>;
  readonly cut: readonly string[];
}

function indexOf({ event }: ShownEvent): EventIndex {
  const leaves = leavesOf(event);
  const texts = new Set<string>();
  for (const { path, value } of leaves) {
    if (typeof value !== "object" && value !== "") texts.add(String(value));
    for (const key of path) texts.add(key);
  }
  const strings = leaves.map(({ value }) => value).filter((value): value is string => typeof value === "string");
  return {
    leaves,
    texts,
    cut: strings.filter((value) => value.endsWith(trimmedMarker)).map((value) => value.slice(0, -trimmedMarker.length)),
  };
}

function atOwnPath({ path, value }: Leaf, { leaves }: EventIndex): boolean {
  return leaves.some(
    (found) => found.path.length > path.length && same(found.value, value) && endsWith(found.path, path),
  );
}

function endsWith(path: readonly string[], tail: readonly string[]): boolean {
  const from = path.length - tail.length;
  return tail.every((step, at) => path[from + at] === step);
}

/** Equal primitives; empty containers of either kind. */
function same(left: Json, right: Json): boolean {
  if (typeof left === "object" && left !== null) return typeof right === "object" && right !== null;
  return left === right;
}

function elsewhere({ path, value }: Leaf, { leaves, texts, cut }: EventIndex): boolean {
  // What says little must at least stand under its own key.
  if (value === null) return leaves.some((found) => found.value === null && found.path.at(-1) === path.at(-1));
  if (typeof value === "object" || value === "") return leaves.some((found) => same(found.value, value));
  if (texts.has(String(value)) || texts.has(String(value).trim())) return true;
  return typeof value === "string" && cut.some((head) => value.startsWith(head));
}

/** Masked or big at its own path in the record; cut at a place of the event whose end is a beginning of the path. */
function isMarked({ path }: Leaf, marks: readonly Mark[]): boolean {
  const pointer = path.reduce<string>(pointerTo, "");
  return marks.some((mark) => {
    if (mark.kind === "redacted") return mark.path === pointer;
    if (mark.kind !== "trimmed") return false;
    const segments = pointerSegments(mark.path);
    return (
      segments.some((_, from) => from > 0 && segments.slice(from).every((step, at) => path[at] === step)) ||
      isMember(segments)
    );
  });
}

const isMember = (segments: readonly string[]) =>
  segments.length === 1 && /^(?:requestParameters|responseElements|additionalEventData)$/.test(segments[0] ?? "");

function followsChange(record: Json, leaf: Leaf, own: boolean, map: (record: Json) => ShownEvent | undefined): boolean {
  const changed = changeOf(leaf.value);
  const shown = map(withValue(record, leaf.path, changed));
  if (shown === undefined) return own || JSON.stringify(leaf.value).length >= 6;
  const index = indexOf(shown);
  const moved = { path: leaf.path, value: changed };
  return atOwnPath(moved, index) || elsewhere(moved, index) || isMarked(moved, shown.marks);
}

function changeOf(value: Json): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return Number.isInteger(value) ? value + 7919 : value + 0.5;
  if (value === null) return "no longer null";
  return typeof value === "object" ? value : `${value}-changed`;
}
