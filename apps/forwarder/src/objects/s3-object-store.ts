import type { GetObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { TributaryError } from "@tributary/schema";
import type { AwsPlace } from "./aws-place.ts";
import { type ObjectRef, objectName, type ObjectStore, type OpenObject } from "./object-store.ts";

/** A connection may break so often without a byte between. */
const mostBreaks = 5;

/** S3, or what speaks its protocol. Loads the AWS SDK when it is called. */
export async function s3ObjectStore({ region, endpoint, profile }: AwsPlace): Promise<ObjectStore> {
  const { S3Client, ListObjectsV2Command, GetObjectCommand } = await import("@aws-sdk/client-s3");
  const client: S3Client = new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(profile === undefined ? {} : { profile }),
    // A notice may name a bucket of another region.
    followRegionRedirects: endpoint === undefined,
    // Not every server that speaks S3 knows the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const get = (ref: ObjectRef, from: number, signal: AbortSignal): Promise<GetObjectCommandOutput> =>
    client.send(
      new GetObjectCommand({
        Bucket: ref.bucket,
        Key: ref.key,
        ...(ref.versionId === undefined || ref.versionId === "null" ? {} : { VersionId: ref.versionId }),
        ...(from === 0 ? {} : { Range: `bytes=${from}-`, IfMatch: `"${ref.etag ?? ""}"` }),
      }),
      { abortSignal: signal },
    );

  /** The whole object, also when its connection breaks on the way. */
  async function* bytesOf(ref: ObjectRef, first: GetObjectCommandOutput, signal: AbortSignal) {
    const size = first.ContentLength ?? 0;
    let answer = first;
    let breaks = 0;
    for (let at = 0; ;) {
      let failure: unknown;
      try {
        for await (const chunk of bodyOf(answer)) {
          at += chunk.length;
          breaks = 0;
          yield chunk;
        }
        if (at >= size) return;
        failure = new Error(`the connection ended after ${at} of ${size} bytes`);
      } catch (error) {
        failure = error;
      }
      if (signal.aborted || ++breaks > mostBreaks) throw toError(failure, ref);
      answer = await get(ref, at, signal).catch((error: unknown) => {
        throw toError(error, ref);
      });
    }
  }

  return {
    async list({ bucket, prefix, after }, signal) {
      try {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(after !== undefined && { StartAfter: after }),
          }),
          { abortSignal: signal },
        );
        const objects = (page.Contents ?? []).flatMap(({ Key, ETag, Size, LastModified }) =>
          Key === undefined
            ? []
            : [{ bucket, key: Key, etag: unquoted(ETag), size: Size ?? 0, modifiedAt: LastModified?.getTime() ?? 0 }],
        );
        return { objects, isLast: page.IsTruncated !== true, lastKey: objects.at(-1)?.key };
      } catch (error) {
        throw toError(error, { bucket, key: prefix });
      }
    },
    async open(ref, signal): Promise<OpenObject> {
      const answer = await get(ref, 0, signal).catch((error: unknown) => {
        throw toError(error, ref);
      });
      const { VersionId, ETag, LastModified } = answer;
      const opened = { ...ref, versionId: VersionId ?? ref.versionId, etag: unquoted(ETag) };
      return {
        ref: opened,
        modifiedAt: LastModified?.getTime() ?? 0,
        bytes: bytesOf(opened, answer, signal),
        close: () => {
          const { Body } = answer;
          if (Body !== undefined && "destroy" in Body && typeof Body.destroy === "function") Body.destroy();
        },
      };
    },
    close: () => client.destroy(),
  };
}

function bodyOf({ Body }: GetObjectCommandOutput): AsyncIterable<Uint8Array> {
  if (Body === undefined || !(Symbol.asyncIterator in Body)) throw new Error("the answer has no body");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- in Node it is a stream of Buffers
  return Body as AsyncIterable<Uint8Array>;
}

const unquoted = (etag: string | undefined): string | undefined => etag?.replaceAll('"', "");

/** What the caller has to know of a failure: the object is gone, it may not be read, or it is worth another try. */
function toError(cause: unknown, ref: ObjectRef): TributaryError {
  if (cause instanceof TributaryError) return cause;
  const name = cause instanceof Error ? cause.name : "";
  const why = cause instanceof Error && cause.message !== "" ? cause.message : name;
  const status = statusOf(cause);
  if (/^(NoSuchKey|NoSuchVersion|NotFound|MethodNotAllowed|PreconditionFailed)$/.test(name) || status === 412)
    return new TributaryError(`${objectName(ref)} is gone or was replaced before it was read.`, {
      code: "OBJECT_GONE",
      cause,
    });
  if (status === 403 || name === "AccessDenied")
    return new TributaryError(
      `${objectName(ref)} may not be read (${name}): allow s3:GetObject and s3:ListBucket, and kms:Decrypt where it is encrypted.`,
      { code: "OBJECT_FORBIDDEN", retryable: true, cause },
    );
  return new TributaryError(`${objectName(ref)} could not be read: ${why}`, {
    code: "S3_FAILED",
    retryable: true,
    cause,
  });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
