import type { Expression, FrameBound, Identifier, SortItem, Window } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseSort } from "./parse-sort.ts";

/** What stands behind OVER or WINDOW w AS: `w`, `(PARTITION BY ... ORDER BY ... ROWS ...)`, `(w ORDER BY ...)`. One that names another is filled in where that is known. */
export function parseWindow(cursor: Cursor): Window {
  if (!cursor.is("(")) return wanted(cursor, cursor.identifier("a window"), undefined);
  return cursor.parenthesized(() => {
    const { key } = cursor.next();
    const clause = cursor.is("PARTITION", "ROWS", "RANGE", "GROUPS") && key !== ")" && key !== "ORDER";
    if (!cursor.isIdentifier() || clause) return windowOf(cursor);
    const name = cursor.identifier("a window");
    return wanted(cursor, name, windowOf(cursor));
  });
}

function wanted(cursor: Cursor, name: Identifier, own: Window | undefined): Window {
  const window = { partitionBy: [], orderBy: [], frame: undefined };
  cursor.windows.wanted.push({ name, window, own });
  return window;
}

/** `WINDOW w AS (...), v AS (w ORDER BY ...)`: each may name those before it. */
export function parseWindows(cursor: Cursor, declared: number): void {
  cursor.list(() => {
    const name = cursor.identifier("a window");
    cursor.expect("AS");
    if (!cursor.is("(")) throw cursor.unexpected("(");
    const before = cursor.windows.wanted.length;
    const window = parseWindow(cursor);
    fillWindows(cursor, before, declared);
    cursor.windows.declared.push({ name, window });
  });
}

/** Gives the windows that are wanted since `from` what they name, of those declared since `declared`. */
export function fillWindows(cursor: Cursor, from: number, declared: number): void {
  const windows = cursor.windows.declared.slice(declared);
  for (const { name, window, own } of cursor.windows.wanted.splice(from)) {
    const found = windows.find((candidate) => candidate.name.text.toLowerCase() === name.text.toLowerCase());
    if (found === undefined) throw cursor.error(name.at, `window '${name.text}' is not declared`);
    Object.assign(window, own === undefined ? found.window : inherited(cursor, name, found.window, own));
  }
}

function inherited(cursor: Cursor, name: Identifier, base: Window, own: Window): Window {
  const clash = (clause: string): Error =>
    cursor.error(name.at, `a window that names '${name.text}' cannot have ${clause}`);
  if (own.partitionBy.length > 0) throw clash("PARTITION BY of its own");
  if (own.orderBy.length > 0 && base.orderBy.length > 0) throw clash("ORDER BY besides that of the other");
  if (base.frame !== undefined) throw cursor.error(name.at, `window '${name.text}' has a frame, so none can name it`);
  const orderBy: readonly SortItem[] = own.orderBy.length > 0 ? own.orderBy : base.orderBy;
  return { partitionBy: base.partitionBy, orderBy, frame: own.frame };
}

function windowOf(cursor: Cursor): Window {
  let partitionBy: readonly Expression[] = [];
  let orderBy: readonly SortItem[] = [];
  if (cursor.accept("PARTITION") !== undefined) {
    cursor.expect("BY");
    partitionBy = cursor.list(() => cursor.expression());
  }
  if (cursor.accept("ORDER") !== undefined) {
    cursor.expect("BY");
    orderBy = parseSort(cursor);
  }
  const unit = cursor.accept("ROWS", "RANGE", "GROUPS");
  if (unit !== "ROWS" && unit !== "RANGE" && unit !== "GROUPS") return { partitionBy, orderBy, frame: undefined };
  const between = cursor.accept("BETWEEN") !== undefined;
  const { at } = cursor;
  const start = bound(cursor);
  if (between) cursor.expect("AND");
  const end = between ? bound(cursor) : undefined;
  if (places.indexOf(start.kind) > places.indexOf(end?.kind ?? "CURRENT ROW") || start.kind === "UNBOUNDED FOLLOWING")
    throw cursor.error(at, "a frame cannot start behind its end");
  if (end?.kind === "UNBOUNDED PRECEDING") throw cursor.error(at, "a frame cannot end with UNBOUNDED PRECEDING");
  return { partitionBy, orderBy, frame: { unit, start, end } };
}

const places: readonly FrameBound["kind"][] = [
  "UNBOUNDED PRECEDING",
  "PRECEDING",
  "CURRENT ROW",
  "FOLLOWING",
  "UNBOUNDED FOLLOWING",
];

function bound(cursor: Cursor): FrameBound {
  if (cursor.accept("CURRENT") !== undefined) {
    cursor.expect("ROW");
    return { kind: "CURRENT ROW", offset: undefined };
  }
  const unbounded = cursor.accept("UNBOUNDED") !== undefined;
  const offset = unbounded ? undefined : cursor.expression();
  const direction = cursor.accept("PRECEDING", "FOLLOWING");
  if (direction !== "PRECEDING" && direction !== "FOLLOWING") throw cursor.unexpected("PRECEDING or FOLLOWING");
  return { kind: unbounded ? `UNBOUNDED ${direction}` : direction, offset };
}
