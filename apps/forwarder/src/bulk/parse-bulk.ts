import { decodeJson, isObject, type Json } from "@tributary/adapter-kit";
import { pointerValue } from "./pointer-value.ts";

/** One action of a bulk request. */
export interface BulkAction {
  readonly action: "create" | "index" | "update" | "delete";
  readonly index: string;
  /** The client's own; undefined where it leaves that to the server. */
  readonly id: string | undefined;
  /** The record; undefined where there is none that can be taken, and `refused` says why. */
  readonly record: Uint8Array | undefined;
  readonly refused?: { readonly type: string; readonly reason: string } | undefined;
}

/** A body that is no bulk request; nothing of it is taken. */
export class MalformedBulk extends Error {}

/** A body with more actions than are answered at once: each takes memory, however short it is. */
export class TooManyActions extends Error {}

const lineFeed = 10;
const mostActions = 100_000;
const known = ["create", "index", "update", "delete"] as const;

/**
 * The actions of a bulk request: a line of JSON with the action, and for all but `delete` a line with the document. Throws
 * {@link MalformedBulk} where lines are not what that says; then none can be told from the next; {@link TooManyActions} over 100,000.
 * @param defaultIndex of the request's path
 * @param pointer to the text that is the record, undefined for the document
 */
export function parseBulk(
  body: Uint8Array,
  defaultIndex: string | undefined,
  pointer: string | undefined,
): readonly BulkAction[] {
  const actions: BulkAction[] = [];
  let at = 0;
  let number = 0;
  const line = (): Uint8Array | undefined => {
    if (at >= body.length) return undefined;
    const found = body.indexOf(lineFeed, at);
    const end = found < 0 ? body.length : found;
    const from = at;
    at = end + 1;
    number++;
    return body.subarray(from, body[end - 1] === 13 ? end - 1 : end);
  };
  for (let head = line(); head !== undefined; head = line()) {
    if (isBlank(head)) continue;
    if (actions.length >= mostActions)
      throw new TooManyActions(`More than ${mostActions} actions: send fewer at once.`);
    const { action, index = defaultIndex ?? "", id } = actionOf(head, number);
    if (action === "delete" || action === "update") {
      if (action === "update" && line() === undefined) throw noDocument(number);
      const reason = `${action} is not possible: records are added, and never changed`;
      actions.push({ action, index, id, record: undefined, refused: { type: "illegal_argument_exception", reason } });
      continue;
    }
    const source = line();
    if (source === undefined || isBlank(source)) throw noDocument(number);
    actions.push({ action, index, id, ...recordOf(source, pointer) });
  }
  return actions;
}

const noDocument = (number: number) => new MalformedBulk(`Line ${number}: the document of this action is missing.`);

function actionOf(
  line: Uint8Array,
  number: number,
): Pick<BulkAction, "action" | "id"> & { readonly index: string | undefined } {
  const wrong = new MalformedBulk(
    `Malformed action/metadata line [${number}]: expected an object such as {"create":{"_index":"name"}}.`,
  );
  let value: Json;
  try {
    ({ value } = decodeJson(Buffer.from(line).toString("utf8")));
  } catch {
    throw wrong;
  }
  if (!isObject(value)) throw wrong;
  const [name, ...more] = Object.keys(value);
  const action = known.find((one) => one === name);
  const meta = name === undefined ? undefined : value[name];
  if (action === undefined || more.length > 0 || !isObject(meta)) throw wrong;
  const [index, id] = [meta["_index"], meta["_id"]];
  return {
    action,
    index: typeof index === "string" ? index : undefined,
    id: typeof id === "string" ? id : typeof id === "number" ? String(id) : undefined,
  };
}

/** Documents that are no JSON are taken: they become dead letters, which is more than their sender would keep. */
function recordOf(source: Uint8Array, pointer: string | undefined): Pick<BulkAction, "record" | "refused"> {
  if (pointer === undefined) return { record: source };
  let found: Json | undefined;
  try {
    found = pointerValue(decodeJson(Buffer.from(source).toString("utf8")).value, pointer);
  } catch {
    return { record: source };
  }
  if (typeof found === "string" && found !== "") return { record: Buffer.from(found, "utf8") };
  const reason = `the document has no text at ${pointer}, which the receiver's configuration names as the record`;
  return { record: undefined, refused: { type: "document_parsing_exception", reason } };
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 13);
}
