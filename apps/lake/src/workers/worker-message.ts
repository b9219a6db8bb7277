import type { Observation } from "../access/observation.ts";
import type { LakeRequest, LakeResponse } from "../http/lake-request.ts";
import type { JournalBacklog, JournalRequestEvents } from "../journal/journal-writer.ts";
import type { MasterKeySource } from "../secrets/master-key.ts";
import type { TlsFiles } from "../serve/check-tls.ts";
import type { SourceRow } from "@tributary/schema";

/** What an ingest process is started with. It holds secrets, so it is a message and no argument. */
export interface WorkerSettings {
  readonly catalogFile: string;
  readonly masterKey: MasterKeySource;
  readonly region: string;
  readonly host: string;
  /** A number that the primary has found free. */
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  readonly maxBodyBytes: number;
  /** Of all bodies in progress in this process. */
  readonly maxHeldBytes: number;
  readonly strict: boolean;
  readonly externalIdMode: "gate" | "iam";
  readonly sources: readonly SourceRow[];
  readonly corsOrigins: readonly string[];
  readonly maxFutureMs: number | undefined;
  readonly maxSkewMs: number | undefined;
  /** Whether calls a second are limited: only then the primary is asked to count them. */
  readonly rates: boolean;
}

/** What a worker asks of the primary, by kind: the question and its answer. */
export interface WorkerQuestions {
  /** As `JournalWriter.append`. */
  readonly append: { readonly question: JournalRequestEvents; readonly answer: "committed" | "moved" };
  /** Every request but PutAuditEvents, its signature not looked at. */
  readonly respond: { readonly question: LakeRequest; readonly answer: LakeResponse };
  /** Counts a call against the account's rate. */
  readonly take: {
    readonly question: { readonly accountId: string; readonly operation: string };
    readonly answer: undefined;
  };
  readonly unready: { readonly question: undefined; readonly answer: readonly string[] };
  /** Answered when a line that is due is in the access log. */
  readonly observe: { readonly question: Observation; readonly answer: undefined };
}

export type WorkerQuestion = {
  readonly [Kind in keyof WorkerQuestions]: {
    readonly kind: Kind;
    readonly id: number;
    readonly question: WorkerQuestions[Kind]["question"];
  };
}[keyof WorkerQuestions];

/** An error on its way to another process. */
export interface CarriedError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Of a refusal: its HTTP status and, where it has one, its `Retry-After`. */
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
}

export type FromWorker =
  | WorkerQuestion
  | { readonly kind: "listening"; readonly url: string }
  /** It could not start, and ends. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "log"; readonly entry: Readonly<Record<string, unknown>> };

export type ToWorker =
  | { readonly kind: "start"; readonly settings: WorkerSettings; readonly verdict: JournalBacklog["verdict"] }
  | { readonly kind: "verdict"; readonly verdict: JournalBacklog["verdict"] }
  | { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly kind: "refusal"; readonly id: number; readonly error: CarriedError }
  | { readonly kind: "tls"; readonly tls: TlsFiles }
  | { readonly kind: "close"; readonly graceMs: number };
