import { text } from "@tributary/adapter-kit";
import type { Compilation } from "./compilation.ts";
import { compileExpression } from "./compile-expression.ts";
import { compileMembers } from "./compile-members.ts";
import type { ReadMembers } from "./compile-members.ts";
import { compileTime } from "./compile-time.ts";
import type { TimeSource } from "./compile-time.ts";
import { pointerOf } from "./document-path.ts";
import type { DocumentPath } from "./document-path.ts";
import type { EventTable, Expression } from "./mapping-schema.ts";
import { readAddress } from "./read-address.ts";
import type { Scope, Source } from "./scope.ts";

/** A text of the event, ready to run. */
export interface TextSource {
  readonly read: (scope: Scope) => string | undefined;
  /** The JSON pointers it reads, for the messages of refusals. */
  readonly pointers: readonly string[];
  /** Where the document says so; "" for a built-in table. */
  readonly place: string;
}

/** The members of a table that are texts. `type` and `principalId` are those of userIdentity. */
export const textMembers = [
  "version",
  "type",
  "principalId",
  "userAgent",
  "eventSource",
  "eventName",
  "UID",
  "errorCode",
  "errorMessage",
  "sourceIPAddress",
] as const;

/** The members of a table that are objects. `details` is that of userIdentity. */
export const objectMembers = ["details", "requestParameters", "responseElements", "additionalEventData"] as const;

/** A table, ready to run. Members that it does not name are absent. */
export interface CompiledEvent {
  readonly eventTime?: TimeSource | undefined;
  readonly texts: Readonly<Partial<Record<(typeof textMembers)[number], TextSource>>>;
  readonly objects: Readonly<Partial<Record<(typeof objectMembers)[number], ReadMembers>>>;
}

/** A table with nothing in it. */
export const emptyEvent: CompiledEvent = { texts: {}, objects: {} };

/**
 * A table laid over another: what it names wins, null takes back. What is wrong with it is reported to the compilation.
 * @param below what is inherited
 */
export function compileEvent(
  table: EventTable,
  path: DocumentPath,
  compilation: Compilation,
  below: CompiledEvent = emptyEvent,
): CompiledEvent {
  const { userIdentity = {}, eventTime } = table;
  const place = (name: string): DocumentPath =>
    Object.hasOwn(userIdentity, name) ? [...path, "userIdentity", name] : [...path, name];
  const texts = { ...below.texts };
  for (const name of textMembers) {
    const given = name === "type" || name === "principalId" ? userIdentity[name] : table[name];
    if (given === null) delete texts[name];
    else if (given !== undefined)
      texts[name] = compileTextMember(given, place(name), compilation, name === "sourceIPAddress");
  }
  const objects = { ...below.objects };
  for (const name of objectMembers) {
    const given = name === "details" ? userIdentity[name] : table[name];
    if (given === null) delete objects[name];
    else if (given !== undefined) objects[name] = compileMembers(given, place(name), compilation);
  }
  return {
    eventTime: eventTime === undefined ? below.eventTime : compileTime(eventTime, [...path, "eventTime"], compilation),
    texts,
    objects,
  };
}

function compileTextMember(
  expression: Expression,
  path: DocumentPath,
  compilation: Compilation,
  isAddress: boolean,
): TextSource {
  const { evaluate, pointers }: Source = compileExpression(expression, path, compilation);
  if (typeof expression === "object" && "const" in expression)
    checkConstant(expression.const, path, compilation, isAddress);
  return {
    pointers,
    place: compilation.isBuiltIn ? "" : pointerOf(path),
    read: (scope) => evaluate(scope, isAddress ? readAddress : text),
  };
}

function checkConstant(
  value: string | number | boolean,
  path: DocumentPath,
  compilation: Compilation,
  isAddress: boolean,
): void {
  if (isAddress && readAddress(value) === undefined)
    compilation.report(
      path,
      `${JSON.stringify(value)} is no IP address`,
      "take the member away where the record has no address",
    );
  if (text(value) === undefined)
    compilation.report(path, "The constant is blank", "write a text, or take the member away");
}
