import { constants } from "node:fs";
import { lstat, mkdir, open, realpath, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";
import { hasCode, nodeFiles } from "../objects/object-files.ts";
import type { DeliveryTarget } from "./delivery-target.ts";

/**
 * Buckets as directories: `s3://BUCKET/PREFIX` of an account is `DIRECTORY/ACCOUNT/BUCKET/PREFIX`. Whoever runs the lake makes
 * `ACCOUNT/BUCKET`, and by that says who may write where; what is below is made as needed. No symbolic link is followed below
 * the directory. Throws `DELIVERY_DIRECTORY_NOT_USABLE`.
 */
export async function openDirectoryTarget(directory: string): Promise<DeliveryTarget> {
  const root = await realpath(directory).catch((cause: unknown) => {
    throw new TributaryError(
      `${directory} cannot be used for deliveries: ${messageOf(cause)}. Make the directory, and in it ACCOUNT/BUCKET for each bucket.`,
      { code: "DELIVERY_DIRECTORY_NOT_USABLE", cause },
    );
  });
  const bucketPath = async (accountId: string, bucket: string): Promise<string | undefined> => {
    const path = join(root, accountId, bucket);
    return (await isDirectory(join(root, accountId))) && (await isDirectory(path)) ? path : undefined;
  };

  return {
    hasBucket: async (accountId, bucket) => (await bucketPath(accountId, bucket)) !== undefined,

    write: async (accountId, { bucket, folders }, name, content) => {
      let path = await bucketPath(accountId, bucket);
      if (path === undefined)
        throw new TributaryError(`There is no directory ${accountId}/${bucket} to deliver to.`, {
          code: "DELIVERY_BUCKET_MISSING",
        });
      try {
        for (const folder of folders) {
          const parent = path;
          path = join(parent, folder);
          await mkdir(path, 0o750).catch((error: unknown) => {
            if (!hasCode(error, "EEXIST")) throw error;
          });
          if (!(await isDirectory(path)))
            throw new TributaryError(`${path} is not a directory, and links are not followed.`, {
              code: "DELIVERY_NOT_ALLOWED",
            });
          await nodeFiles.sync(parent);
        }
        // Of a delivery that was cut short; nobody else writes here, for the last folder is the query's own.
        const temporary = join(path, `.${name}.part`);
        await remove(temporary);
        try {
          await writeDurably(temporary, content);
          await rename(temporary, join(path, name));
        } catch (error) {
          await remove(temporary);
          throw error;
        }
        await nodeFiles.sync(path);
      } catch (cause) {
        if (!hasCode(cause, "EACCES", "EPERM", "EROFS", "ELOOP")) throw cause;
        throw new TributaryError(`${path} cannot be written: ${messageOf(cause)}`, {
          code: "DELIVERY_NOT_ALLOWED",
          cause,
        });
      }
    },
  };
}

async function writeDurably(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  const handle = await open(path, flags, 0o640);
  try {
    for await (const chunk of content) await handle.appendFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!hasCode(error, "ENOENT")) throw error;
  });
}

/** Itself, not by a link. */
async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
