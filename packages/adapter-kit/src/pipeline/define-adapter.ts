import type { Static, TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { TributaryError } from "@tributary/schema";
import type { Adapter, AdapterContext } from "../contract/adapter.ts";
import type { AdapterDefinition } from "../contract/adapter-definition.ts";
import type { Json, JsonObject } from "../contract/json.ts";
import type { Mark, Result } from "../contract/result.ts";
import { canonicalJson, fitsId } from "../mapping/ids.ts";
import { pointerTo } from "../json-pointer.ts";
import { isArray, isObject } from "../own-property.ts";
import { Refused } from "../refused.ts";
import { checkEvent } from "./check-event.ts";
import { fit } from "./fit.ts";
import { mask } from "./mask.ts";
import { secretsOf, withPointers } from "./secrets.ts";
import type { Secrets } from "./secrets.ts";
import { personalOf, readRedactOption } from "./personal.ts";
import type { Personal } from "./personal.ts";
import { recogniser } from "./recogniser.ts";
import { refusal } from "./refusal.ts";

/**
 * Builds the adapter everyone else holds: frozen, `map` never throws. The pipeline of each record: split, recognise, drop
 * by rule, id, mask secrets, `toEvent`, fit to limits, recipientAccountId, serialise, validate. Throws
 * `ADAPTER_INVALID` for a definition that contradicts itself.
 */
export function defineAdapter<R extends TSchema, O extends TSchema = TSchema>(
  definition: AdapterDefinition<R, O>,
): Adapter {
  validate(definition);
  // These are left out, not called.
  /* oxlint-disable typescript/unbound-method */
  const {
    eventId: _eventId,
    toEvent: _toEvent,
    drop: _drop,
    split: _split,
    secretsIn: _secretsIn,
    ...held
  } = definition;
  /* oxlint-enable typescript/unbound-method */
  const mapOne = recordMapper(definition);
  const parts = (value: Json): readonly Json[] => {
    try {
      return partsOf(definition, value);
    } catch {
      return [value];
    }
  };
  const map = (value: Json, context: AdapterContext): readonly Result[] => {
    try {
      const records = partsOf(definition, value);
      if (records.length === 0) return [];
      if (records.length === 1) return [mapOne(records[0]!, 0, context)];
      const occurrences = definition.countsOccurrences === true ? occurrencesOf(records) : undefined;
      return records.map((record, part) => {
        const twin = occurrences?.[part];
        const origin = twin
          ? { ...context.origin, occurrence: context.origin.occurrence * twin.count + twin.index }
          : context.origin;
        return mapOne(record, part, { ...context, origin });
      });
    } catch (error) {
      return [refusal(error, 0)];
    }
  };
  return Object.freeze({ ...held, contract: 1 as const, map, parts }) as Adapter;
}

function partsOf<R extends TSchema, O extends TSchema>(
  definition: AdapterDefinition<R, O>,
  value: Json,
): readonly Json[] {
  return definition.split === undefined ? [value] : definition.split(value);
}

/** Equal records of one value: ids of content must tell them apart as they tell apart equal lines. */
function occurrencesOf(records: readonly Json[]): readonly { readonly index: number; readonly count: number }[] {
  const seen = new Map<string, number>();
  const keys = records.map(canonicalJson);
  const indices = keys.map((key) => {
    const index = seen.get(key) ?? 0;
    seen.set(key, index + 1);
    return index;
  });
  return keys.map((key, part) => ({ index: indices[part]!, count: seen.get(key)! }));
}

function recordMapper<R extends TSchema, O extends TSchema>(definition: AdapterDefinition<R, O>) {
  const optionsOf = optionsReader(definition);
  const isRecognised = recogniser(definition.record);
  return (record: Json, part: number, context: AdapterContext): Result => {
    try {
      if (!isRecognised(record)) return unrecognised(definition, record, part);
      const known = record as Static<R>;
      const { origin, accountId } = context;
      const { options, secrets, personal } = optionsOf(context.options);
      const rule = definition.drop?.(known, { options, origin, accountId });
      if (rule !== undefined && !isSwitchedOff(definition, rule, context.options))
        return { kind: "dropped", part, rule };
      const id = definition.eventId(known, { options, origin, accountId });
      if (typeof id !== "string" || !fitsId(id))
        return {
          kind: "refused",
          part,
          code: "ID_INVALID",
          path: "",
          message: "eventId gave no text of 1 to 128 of [-_A-Za-z0-9]: use idFrom.",
        };
      const masked = mask(record, withPointers(secrets, definition.secretsIn?.(known)), personal);
      const fitted = fit(definition.toEvent(masked.value, { options, origin, accountId, id }), accountId);
      const problem = checkEvent(fitted, accountId, origin.receivedAt);
      if (problem !== undefined) return { kind: "refused", part, ...problem };
      const marks = marksOf(masked.paths, bigNumbers(record, context.bigNumbers), fitted.marks);
      return { kind: "event", part, id, eventData: fitted.eventData, marks };
    } catch (error) {
      return refusal(error, part);
    }
  };
}

function unrecognised(
  definition: { readonly record: TSchema; readonly displayName: string },
  record: Json,
  part: number,
): Result {
  const first = Value.Errors(definition.record, record).First();
  const path = first?.path ?? "";
  const message = `Not a record of ${definition.displayName}: ${path === "" ? "the value" : path}: ${first?.message ?? "does not fit"}.`;
  return { kind: "refused", part, code: "RECORD_NOT_RECOGNISED", path, message };
}

function isSwitchedOff(
  definition: { readonly drops?: Readonly<Record<string, string>> },
  rule: string,
  options: Json | undefined,
): boolean {
  if (definition.drops === undefined || !Object.hasOwn(definition.drops, rule))
    throw new TypeError(`drop answered ${JSON.stringify(rule)}, which is no rule of drops.`);
  const drops = isObject(options) ? options["drops"] : undefined;
  return isObject(drops) && Object.hasOwn(drops, rule) && drops[rule] === false;
}

/** What the user's options say: the definition's own with their defaults, frozen, and what the kit's `redact` masks. */
interface ReadOptions<O extends TSchema> {
  readonly options: Static<O>;
  readonly secrets: Secrets;
  readonly personal: Personal | undefined;
}

/** One options object is read once, not for each record. */
function optionsReader<O extends TSchema>(
  definition: AdapterDefinition<TSchema, O>,
): (options: Json | undefined) => ReadOptions<O> {
  let last: { readonly given: Json | undefined; readonly read: ReadOptions<O> } | undefined;
  return (given) => {
    if (last === undefined || last.given !== given) last = { given, read: readOptions(definition, given) };
    return last.read;
  };
}

function readOptions<O extends TSchema>(
  definition: AdapterDefinition<TSchema, O>,
  given: Json | undefined,
): ReadOptions<O> {
  const { drops: _drops, redact, ...own } = isObject(given) ? given : {};
  const option = readRedactOption(redact);
  return {
    options: Object.freeze(readOwnOptions(definition, own)),
    secrets: secretsOf([...(definition.secrets ?? []), ...option.keys]),
    personal: personalOf(option, definition.names),
  };
}

function readOwnOptions<O extends TSchema>(definition: { readonly options?: O }, own: JsonObject): Static<O> {
  if (definition.options === undefined) return own;
  const filled = Value.Default(definition.options, Value.Clone(own));
  if (Value.Check(definition.options, filled)) return filled;
  const first = Value.Errors(definition.options, filled).First();
  throw new Refused(
    "OPTIONS_INVALID",
    `The adapter's options are wrong at ${first?.path || "the top"}: ${first?.message ?? ""}.`,
  );
}

const noMarks: readonly Mark[] = Object.freeze([]);

function marksOf(redacted: readonly string[], numbers: readonly Mark[], trimmed: readonly Mark[]): readonly Mark[] {
  if (redacted.length + numbers.length + trimmed.length === 0) return noMarks;
  return [...redacted.map((path): Mark => ({ kind: "redacted", path })), ...numbers, ...trimmed];
}

function bigNumbers(record: Json, texts: ReadonlySet<string> | undefined): readonly Mark[] {
  if (texts === undefined || texts.size === 0) return noMarks;
  const marks: Mark[] = [];
  const walk = (value: Json, path: string): void => {
    if (typeof value === "string") {
      if (texts.has(value)) marks.push({ kind: "big-number", path });
    } else if (isArray(value)) for (const [index, element] of value.entries()) walk(element, pointerTo(path, index));
    else if (isObject(value)) for (const [key, member] of Object.entries(value)) walk(member, pointerTo(path, key));
  };
  walk(record, "");
  return marks;
}

function validate(definition: AdapterDefinition<TSchema, TSchema>): void {
  const reason = contradiction(definition);
  if (reason !== undefined)
    throw new TributaryError(`The definition of adapter ${definition.name} is wrong: ${reason}`, {
      code: "ADAPTER_INVALID",
    });
}

function contradiction(definition: AdapterDefinition<TSchema, TSchema>): string | undefined {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(definition.name)) return "name must be lower case letters, digits and hyphens.";
  if (Object.keys(definition.formats).length === 0) return "it names no format.";
  if (definition.drop !== undefined && Object.keys(definition.drops ?? {}).length === 0)
    return "it has drop but no drops.";
  return undefined;
}
