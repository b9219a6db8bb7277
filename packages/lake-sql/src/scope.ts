import { nearest } from "./nearest.ts";
import type { Identifier } from "./ast.ts";
import { unknownType, varchar, type SqlType } from "./sql-type.ts";
import { literal } from "./sql-text.ts";

/** A piece of emitted SQL with its type, and its value where it is a string literal. */
export interface Emitted {
  readonly sql: string;
  readonly type: SqlType;
  readonly text?: string | undefined;
  /** Set where the piece is the eventTime of one use of a store: what its time bounds are gathered for. */
  readonly timeOf?: number | undefined;
}

export interface ScopeColumn extends Emitted {
  /** As it is looked up: lower case; undefined for an expression without a name. */
  readonly name: string | undefined;
  /** As it is printed. */
  readonly label: string | undefined;
  readonly hidden?: boolean | undefined;
}

export interface ScopeRelation {
  readonly alias: string | undefined;
  readonly columns: readonly ScopeColumn[];
}

/** What names mean at one place: lambda parameters and output aliases, relations, then the scope around. */
export class Scope {
  readonly relations: readonly ScopeRelation[];
  readonly parent: Scope | undefined;
  readonly names: ReadonlyMap<string, Emitted>;

  constructor(relations: readonly ScopeRelation[], parent?: Scope, names: ReadonlyMap<string, Emitted> = new Map()) {
    this.relations = relations;
    this.parent = parent;
    this.names = names;
  }

  /** The emitted form of a dotted name; a string says what is wrong with it. */
  resolve(parts: readonly Identifier[]): Emitted | string {
    const found = this.#here(parts);
    if (typeof found === "string") return found;
    const unresolved = `column '${parts.map((part) => part.text).join(".")}' cannot be resolved`;
    if (found === undefined) {
      if (this.parent !== undefined) return this.parent.resolve(parts);
      const near = nearest(parts[0]?.text.toLowerCase() ?? "", this.#columnNames());
      return near === undefined ? unresolved : `${unresolved}; did you mean '${near}'?`;
    }
    let value = found.value;
    for (const part of parts.slice(found.used)) {
      const field = fieldOf(value, part.text);
      if (field === undefined) return unresolved + fieldHint(value.type, part.text);
      value = field;
    }
    return value;
  }

  #columnNames(): string[] {
    return this.relations.flatMap(({ columns }) =>
      columns.flatMap(({ name, hidden }) => (name === undefined || hidden === true ? [] : [name])),
    );
  }

  #here(parts: readonly Identifier[]): { readonly value: Emitted; readonly used: number } | string | undefined {
    const first = parts[0]?.text.toLowerCase() ?? "";
    const second = parts[1]?.text.toLowerCase();
    const named = this.names.get(first);
    if (named !== undefined) return { value: named, used: 1 };
    if (second !== undefined) {
      for (const relation of this.relations) {
        if (relation.alias !== first) continue;
        const matches = relation.columns.filter((column) => column.name === second);
        if (matches.length > 1) return `column '${second}' is ambiguous`;
        if (matches[0] !== undefined) return { value: matches[0], used: 2 };
      }
    }
    const matches = this.relations.flatMap((relation) => relation.columns.filter((column) => column.name === first));
    if (matches.length > 1) return `column '${first}' is ambiguous`;
    return matches[0] === undefined ? undefined : { value: matches[0], used: 1 };
  }
}

// AWS prints this column's name without its e; both are read.
const spellings = new Map([["errormssage", "errormessage"]]);

/** A field of a row; undefined when the type has none of that name. */
export function fieldOf(of: Emitted, name: string): Emitted | undefined {
  if (of.type.kind !== "row") return undefined;
  const wanted = name.toLowerCase();
  const field =
    of.type.fields.find((candidate) => candidate.name.toLowerCase() === wanted) ??
    of.type.fields.find((candidate) => candidate.name.toLowerCase() === spellings.get(wanted));
  return field === undefined
    ? undefined
    : { sql: `struct_extract(${of.sql}, ${literal(field.name)})`, type: field.type };
}

/** What a row's fields are, for a message about one that it does not have. */
export function fieldHint(type: SqlType, name: string): string {
  if (type.kind === "map") return `; it is a map: use element_at(..., '${name}')`;
  if (type.kind === "json") return `; it is JSON: use json_extract_scalar(..., '$.${name}')`;
  if (type.kind !== "row") return "";
  const near = nearest(
    name.toLowerCase(),
    type.fields.map((field) => field.name.toLowerCase()),
  );
  return near === undefined ? "" : `; did you mean '${near}'?`;
}

export const nullValue: Emitted = { sql: "NULL", type: unknownType };
export const stringValue = (text: string): Emitted => ({ sql: literal(text), type: varchar, text });
