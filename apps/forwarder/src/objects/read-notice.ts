import type { ObjectRef } from "./object-store.ts";

/** What a message of a queue says. */
export type Notice =
  /** Objects were written. */
  | { readonly kind: "objects"; readonly objects: readonly ObjectRef[] }
  /** Nothing that has to be read: a test, a deletion. */
  | { readonly kind: "nothing" }
  /** It is none of the forms that are known. */
  | { readonly kind: "unknown"; readonly why: string };

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a message: S3's own event, the same through SNS, EventBridge's "Object Created", its `s3:TestEvent`, and what Falcon Data
 * Replicator sends. Never throws.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function readNotice(body: string): Notice {
  return readText(body, true);
}

function readText(body: string, mayBeWrapped: boolean): Notice {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return unknown("it is not JSON");
  }
  if (!isObject(value)) return unknown("it is no JSON object");
  // SNS, unless it delivers raw.
  if (value["Type"] === "Notification" && typeof value["Message"] === "string")
    return mayBeWrapped ? readText(value["Message"], false) : unknown("a notification within a notification");
  if (value["Event"] === "s3:TestEvent") return { kind: "nothing" };
  if (Array.isArray(value["Records"])) return fromS3(value["Records"]);
  if (value["source"] === "aws.s3") return fromEventBridge(value);
  if (Array.isArray(value["files"]) && typeof value["bucket"] === "string")
    return fromReplicator(value["bucket"], value["files"]);
  return unknown("it is no event of S3, SNS, EventBridge or Falcon Data Replicator");
}

function fromS3(records: readonly unknown[]): Notice {
  const objects: ObjectRef[] = [];
  for (const record of records) {
    const event = isObject(record) ? record["eventName"] : undefined;
    if (!isObject(record) || typeof event !== "string") return unknown("a record without eventName");
    // "ObjectCreated:Put" here, "s3:ObjectCreated:Put" of some other servers.
    if (!/^(?:s3:)?ObjectCreated:/.test(event)) continue;
    const { bucket, object }: Members = isObject(record["s3"]) ? record["s3"] : {};
    const ref = refOf(bucket, object, "versionId", "eTag");
    if (ref === undefined) return unknown("a record without bucket and key");
    const key = decoded(ref.key);
    if (key === undefined) return unknown("a key that is not URL-encoded");
    objects.push({ ...ref, key });
  }
  return objects.length === 0 ? { kind: "nothing" } : { kind: "objects", objects };
}

function fromEventBridge({ "detail-type": type, detail }: Members): Notice {
  if (type !== "Object Created") return { kind: "nothing" };
  const { bucket, object }: Members = isObject(detail) ? detail : {};
  const ref = refOf(bucket, object, "version-id", "etag");
  // Its keys are as they are.
  return ref === undefined ? unknown("an event without bucket and key") : { kind: "objects", objects: [ref] };
}

function fromReplicator(bucket: string, files: readonly unknown[]): Notice {
  const objects: ObjectRef[] = [];
  for (const file of files) {
    if (!isObject(file) || !isText(file["path"])) return unknown("a file without a path");
    objects.push({ bucket, key: file["path"] });
  }
  return objects.length === 0 ? { kind: "nothing" } : { kind: "objects", objects };
}

function refOf(bucket: unknown, object: unknown, version: string, tag: string): ObjectRef | undefined {
  if (!isObject(bucket) || !isObject(object)) return undefined;
  const { name } = bucket;
  const { key, [version]: versionId, [tag]: etag } = object;
  if (!isText(name) || !isText(key)) return undefined;
  return {
    bucket: name,
    key,
    versionId: isText(versionId) ? versionId : undefined,
    etag: isText(etag) ? etag.replaceAll('"', "") : undefined,
  };
}

/** S3 writes keys as a form does: a plus is a blank. */
function decoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

const unknown = (why: string): Notice => ({ kind: "unknown", why });
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);
