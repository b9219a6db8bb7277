import { contentId, idFrom, text } from "@tributary/adapter-kit";
import type { Compilation } from "./compilation.ts";
import { compileExpression } from "./compile-expression.ts";
import type { FoundTime } from "./compile-time.ts";
import type { DocumentPath } from "./document-path.ts";
import type { Id } from "./mapping-schema.ts";
import type { Scope } from "./scope.ts";

/** How the id of a record is made. */
export interface IdSource {
  /** The event's id; undefined where the record lacks what identifies it. */
  readonly id: (scope: Scope) => string | undefined;
  /** The record's own id as it wrote it, for UID; undefined where several values make it, or none. */
  readonly uid: (scope: Scope) => string | undefined;
}

/** What identifies a record, ready to run. What is wrong with it is reported to the compilation. */
export function compileId(id: Id, path: DocumentPath, compilation: Compilation): IdSource {
  if (id === "content") return byContent;
  if (typeof id === "object" && "all" in id) {
    const sources = id.all.map((one, index) => compileExpression(one, [...path, "all", index], compilation));
    return {
      id: (scope) => {
        const values = sources.map(({ evaluate }) => evaluate(scope, text));
        // As JSON, so that "a", "bc" and "ab", "c" stay two.
        return values.includes(undefined) ? undefined : idFrom(JSON.stringify(values));
      },
      uid: () => undefined,
    };
  }
  const { evaluate } = compileExpression(id, path, compilation);
  return {
    id: (scope) => {
      const own = evaluate(scope, text);
      return own === undefined ? undefined : idFrom(own);
    },
    uid: (scope) => evaluate(scope, text),
  };
}

/** Records without an id of their own. */
export const byContent: IdSource = { id: () => undefined, uid: () => undefined };

/**
 * The id of a record by its content. Where its time, or the year of it, is that of its receipt, by that too: a line without
 * a time that is written again tomorrow, or without a year next year, is another event and not the same one sent again.
 */
export function idByContent({ record, origin }: Scope, name: string, time: FoundTime | undefined): string {
  const { occurrence, receivedAt } = origin;
  if (time?.received === "all") return contentId({ receivedAt, record }, occurrence, name);
  if (time?.received === "the year") return contentId({ eventTime: time.eventTime, record }, occurrence, name);
  return contentId(record, occurrence, name);
}
