import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modifiedAt: number;
}

interface Message {
  readonly id: string;
  readonly body: string;
  received: number;
  hiddenUntil: number;
  handle: string;
}

/** S3 and SQS, as far as the forwarder speaks to them, in the shape that AWS documents. One bucket per first path segment. */
export interface ObjectServer {
  readonly url: string;
  readonly queueUrl: string;
  readonly objects: Map<string, StoredObject>;
  readonly messages: Message[];
  /** `GET bucket/key bytes=..`, `LIST bucket prefix after`, `SQS Action`. */
  readonly requests: string[];
  /** Answers a request itself where it says true. */
  script: (request: string, response: ServerResponse) => boolean;
  /** Of a listing. */
  pageSize: number;
  put(bucket: string, key: string, bytes: Uint8Array | string, modifiedAt?: number): StoredObject;
  send(body: unknown): void;
  /** The event that S3 sends for an object. */
  event(bucket: string, key: string): unknown;
  close(): Promise<void>;
}

export async function objectServer(): Promise<ObjectServer> {
  const objects = new Map<string, StoredObject>();
  const messages: Message[] = [];
  const requests: string[] = [];
  let count = 0;
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: ObjectServer = {
    url,
    queueUrl: `${url}/111122223333/notices`,
    objects,
    messages,
    requests,
    script: () => false,
    pageSize: 1000,
    put(bucket, key, content, modifiedAt = Date.now()) {
      const bytes = Buffer.from(content);
      const etag = createHash("md5").update(bytes).digest("hex");
      const object = { bytes, etag, modifiedAt };
      objects.set(`${bucket}/${key}`, object);
      return object;
    },
    send(body) {
      const told = typeof body === "string" ? body : JSON.stringify(body);
      messages.push({ id: `m-${count++}`, body: told, received: 0, hiddenUntil: 0, handle: "" });
    },
    event(bucket, key) {
      const object = objects.get(`${bucket}/${key}`)!;
      const coded = encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/");
      const told = { key: coded, size: object.bytes.length, eTag: object.etag, sequencer: "0055AED6DCD90281E5" };
      const s3 = { s3SchemaVersion: "1.0", bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` }, object: told };
      return { Records: [{ eventVersion: "2.1", eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3 }] };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.headers["x-amz-target"];
    const at = new URL(request.url ?? "/", url);
    if (typeof target === "string") {
      const action = target.split(".")[1]!;
      const body: Record<string, unknown> = JSON.parse(await text(request));
      requests.push(`SQS ${action}`);
      if (self.script(`SQS ${action}`, response)) return;
      await queue(action, body, response);
      return;
    }
    const [bucket = "", ...rest] = decodeURIComponent(at.pathname).slice(1).split("/");
    const key = rest.join("/");
    const isList = at.searchParams.get("list-type") === "2";
    const told = isList
      ? `LIST ${bucket} ${at.searchParams.get("prefix") ?? ""} ${at.searchParams.get("start-after") ?? ""}`
      : `GET ${bucket}/${key} ${request.headers.range ?? ""}`;
    requests.push(told.trim());
    if (self.script(told.trim(), response)) return;
    if (isList) list(bucket, at.searchParams, response);
    else get(`${bucket}/${key}`, request, response);
  }

  function list(bucket: string, query: URLSearchParams, response: ServerResponse): void {
    const [prefix, after] = [query.get("prefix") ?? "", query.get("start-after") ?? ""];
    const keys = [...objects.keys()]
      .filter((path) => path.startsWith(`${bucket}/${prefix}`))
      .map((path) => path.slice(bucket.length + 1))
      .filter((key) => key > after)
      .toSorted();
    const contents = keys.slice(0, self.pageSize).map((key) => {
      const { etag, bytes, modifiedAt } = objects.get(`${bucket}/${key}`)!;
      return `<Contents><Key>${key}</Key><LastModified>${new Date(modifiedAt).toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${bytes.length}</Size></Contents>`;
    });
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(
      `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><IsTruncated>${keys.length > self.pageSize}</IsTruncated>${contents.join("")}</ListBucketResult>`,
    );
  }

  function get(path: string, { headers }: IncomingMessage, response: ServerResponse): void {
    const object = objects.get(path);
    if (object === undefined) return failed(response, 404, "NoSuchKey");
    const match = headers["if-match"];
    if (match !== undefined && match !== `"${object.etag}"`) return failed(response, 412, "PreconditionFailed");
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const bytes = object.bytes.subarray(from);
    response.writeHead(headers.range === undefined ? 200 : 206, {
      etag: `"${object.etag}"`,
      "last-modified": new Date(object.modifiedAt).toUTCString(),
      "content-length": bytes.length,
    });
    response.end(bytes);
  }

  async function queue(action: string, body: Record<string, unknown>, response: ServerResponse): Promise<undefined> {
    const entries = (body["Entries"] ?? []) as readonly {
      Id: string;
      ReceiptHandle: string;
      VisibilityTimeout?: number;
    }[];
    const json = (value: unknown) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(value));
      return undefined;
    };
    if (action === "ReceiveMessage") {
      const ready = () => messages.filter(({ hiddenUntil }) => hiddenUntil <= Date.now());
      for (let n = 0; n < 20 && ready().length === 0; n++) await new Promise((resolve) => setTimeout(resolve, 20));
      // Whoever asked is not there any more.
      if (response.destroyed) return undefined;
      const given = ready().slice(0, Number(body["MaxNumberOfMessages"]));
      for (const message of given) {
        message.received++;
        message.hiddenUntil = Date.now() + Number(body["VisibilityTimeout"]) * 1000;
        message.handle = `${message.id}-${message.received}`;
      }
      return json({
        Messages: given.map(({ id, handle, body: told, received }) => ({
          MessageId: id,
          ReceiptHandle: handle,
          Body: told,
          MD5OfBody: createHash("md5").update(told).digest("hex"),
          Attributes: { ApproximateReceiveCount: String(received) },
        })),
      });
    }
    for (const { ReceiptHandle, VisibilityTimeout } of entries) {
      const index = messages.findIndex(({ handle }) => handle === ReceiptHandle);
      if (index < 0) continue;
      if (action === "DeleteMessageBatch") messages.splice(index, 1);
      else messages[index]!.hiddenUntil = Date.now() + (VisibilityTimeout ?? 0) * 1000;
    }
    return json({ Successful: entries.map(({ Id }) => ({ Id })), Failed: [] });
  }
}

function failed(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
