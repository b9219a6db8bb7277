import type { IncomingMessage } from "node:http";

/** Bytes of bodies that are being read, of all requests together: memory that strangers can take. */
export interface BodyRoom {
  inHand: number;
  readonly most: number;
}

/**
 * The body of a request, read whole. A status where it is not read: 413 over the limit, 503 when the bodies of all requests are
 * over theirs, 400 when the sender broke off.
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
  room: BodyRoom,
): Promise<Uint8Array | 400 | 413 | 503> {
  const told = Number(request.headers["content-length"] ?? 0);
  if (told > limit) return 413;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    if (room.inHand + told > room.most) return 503;
    for await (const chunk of request) {
      if (!(chunk instanceof Buffer)) return 400;
      if (length + chunk.length > limit) return 413;
      if (room.inHand + chunk.length > room.most) return 503;
      length += chunk.length;
      room.inHand += chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  } catch {
    return 400;
  } finally {
    room.inHand -= length;
  }
}
