import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { DeliveryStatus, QueryRecord } from "../catalog/query-catalog.ts";
import type { ResultStore } from "../query/result-store.ts";
import { type DeliveryPlace, deliveryPlace, queryFolders } from "./delivery-place.ts";
import type { DeliveryTarget } from "./delivery-target.ts";
import { writeResultFiles } from "./result-files.ts";
import type { ResultSigner } from "./signing-key.ts";

export interface DeliveryServices {
  readonly catalog: Pick<Catalog, "pendingDeliveries" | "endDelivery">;
  readonly results: Pick<ResultStore, "pages">;
  readonly target: DeliveryTarget;
  readonly signer: ResultSigner;
  readonly region: string;
  /** Whether whoever started a query may still have its result. */
  readonly mayDeliver: (query: QueryRecord) => Promise<boolean>;
  /** Told of faults. */
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** Text in one file of a result, before compression. */
const defaultMaxFileBytes = 256 * 1024 ** 2;

/**
 * Delivers the results of FINISHED queries, one at a time, oldest first: CSV files and, last, `result_sign.json`. What a stop cuts
 * short is delivered again by the next opening, with the same bytes. Spec 2.7.
 */
export class DeliveryService {
  readonly #services: DeliveryServices;
  readonly #maxFileBytes: number;
  readonly #controller = new AbortController();
  #again = false;
  #running: Promise<void> | undefined;

  constructor(
    services: DeliveryServices,
    { maxFileBytes = defaultMaxFileBytes }: { readonly maxFileBytes?: number } = {},
  ) {
    this.#services = services;
    this.#maxFileBytes = maxFileBytes;
    this.wake();
  }

  /** Whether results may be delivered there now. Throws `DELIVERY_URI_NOT_VALID`, and what the target throws. */
  async hasBucket(accountId: string, s3Uri: string): Promise<boolean> {
    const { bucket } = deliveryPlace(s3Uri);
    try {
      return await this.#services.target.hasBucket(accountId, bucket, this.#controller.signal);
    } catch (error) {
      // The caller is told less. What is not allowed is no fault, and callers could fill the log with it.
      if (!hasErrorCode(error, "DELIVERY_NOT_ALLOWED")) this.#fault(error);
      throw error;
    }
  }

  /** A query has finished. */
  wake(): void {
    this.#again = true;
    this.#running ??= this.#work()
      .catch((error: unknown) => this.#fault(error))
      .finally(() => {
        this.#running = undefined;
        // Woken after the last look, before this.
        if (this.#again && !this.#controller.signal.aborted) this.wake();
      });
  }

  /** Stops; what is under way stays PENDING. */
  async close(): Promise<void> {
    this.#controller.abort();
    await this.#running;
  }

  async #work(): Promise<void> {
    const { catalog } = this.#services;
    const { signal } = this.#controller;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      for (const query of await catalog.pendingDeliveries()) {
        if (signal.aborted) return;
        const status = await this.#deliver(query);
        if (signal.aborted && status !== "SUCCESS") return;
        await catalog.endDelivery(query.queryId, status);
      }
    }
  }

  async #deliver(query: QueryRecord): Promise<Exclude<DeliveryStatus, "PENDING">> {
    try {
      if (!(await this.#services.mayDeliver(query))) {
        this.#services.log({ level: "warning", event: "delivery-refused", queryId: query.queryId });
        return "ACCESS_DENIED";
      }
      await this.#write(query);
      return "SUCCESS";
    } catch (error) {
      if (this.#controller.signal.aborted) return "FAILED";
      this.#fault(error, query.queryId);
      if (hasErrorCode(error, "DELIVERY_BUCKET_MISSING")) return "RESOURCE_NOT_FOUND";
      return hasErrorCode(error, "DELIVERY_NOT_ALLOWED") ? "ACCESS_DENIED" : "FAILED";
    }
  }

  async #write({ queryId, accountId, deliveryS3Uri = "", finishedAt = 0 }: QueryRecord): Promise<void> {
    const { results, target, signer, region } = this.#services;
    const { signal } = this.#controller;
    const { bucket, folders } = deliveryPlace(deliveryS3Uri);
    const place: DeliveryPlace = { bucket, folders: [...folders, ...queryFolders(accountId, queryId, finishedAt)] };
    const { columns, pages } = await results.pages(queryId, signal);
    const files = await writeResultFiles(columns, pages, this.#maxFileBytes, (name, content) =>
      target.write(accountId, place, name, content, signal),
    );
    const signFile = {
      version: "1.0",
      region,
      files: files.map(({ fileHashValue, fileName }) => ({ fileHashValue, fileName })),
      hashAlgorithm: "SHA-256",
      signatureAlgorithm: "SHA256withRSA",
      queryCompleteTime: `${new Date(finishedAt).toISOString().slice(0, 19)}Z`,
      hashSignature: signer.sign(files.map(({ fileHashValue }) => fileHashValue).join(" ")),
      publicKeyFingerprint: signer.fingerprint,
    };
    await target.write(accountId, place, "result_sign.json", once(Buffer.from(JSON.stringify(signFile))), signal);
  }

  #fault(error: unknown, queryId?: string): void {
    this.#services.log({ level: "error", event: "delivery-fault", queryId, message: String(error) });
  }
}

function hasErrorCode(error: unknown, code: string): boolean {
  return error instanceof TributaryError && error.code === code;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
