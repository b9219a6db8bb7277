import type { Observation } from "../access/observation.ts";
import type { LakeRequest, LakeResponse } from "../http/lake-request.ts";
import type { JournalBacklog, JournalRequestEvents } from "../journal/journal-writer.ts";
import type { TlsFiles } from "../serve/check-tls.ts";
import { errorOf } from "./carried-error.ts";
import type { FromWorker, ToWorker, WorkerQuestions, WorkerSettings } from "./worker-message.ts";

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The primary as an ingest process sees it. Whatever is unanswered when the primary ends stays so: this process ends with it. */
export class PrimaryLink {
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #verdict: JournalBacklog["verdict"] = "accept";
  #idle: (() => void) | undefined;
  /** The first message. */
  readonly settings: Promise<WorkerSettings>;
  /** Told to stop: how long requests in flight have. */
  readonly closing: Promise<number>;

  /** Told of a renewed certificate. */
  onTls: (tls: TlsFiles) => void = () => undefined;

  constructor() {
    let start: (settings: WorkerSettings) => void;
    let close: (graceMs: number) => void;
    this.settings = new Promise((resolve) => (start = resolve));
    this.closing = new Promise((resolve) => (close = resolve));
    process.on("message", (message: ToWorker) => {
      if (message.kind === "answer" || message.kind === "refusal") return this.#settle(message);
      if (message.kind === "close") return close(message.graceMs);
      if (message.kind === "tls") return this.onTls(message.tls);
      this.#verdict = message.verdict;
      if (message.kind === "start") start(message.settings);
    });
  }

  tell(message: FromWorker): void {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  }

  /** As `JournalWriter.append`. */
  append(request: JournalRequestEvents): Promise<"committed" | "moved"> {
    return this.#ask("append", request);
  }

  /** As the primary last said: it does when the verdict changes. */
  backlog(): Pick<JournalBacklog, "verdict"> {
    return { verdict: this.#verdict };
  }

  respond(request: LakeRequest): Promise<LakeResponse> {
    return this.#ask("respond", request);
  }

  async take(accountId: string, operation: string): Promise<void> {
    await this.#ask("take", { accountId, operation });
  }

  unready(): Promise<readonly string[]> {
    return this.#ask("unready", undefined);
  }

  /** A PutAuditEvents that succeeded leaves no line, so nothing waits for its count. */
  async observe({ note, ...rest }: Observation): Promise<void> {
    const { caller, ...noted } = note;
    // Of the caller that which is shown: parsed policies do not travel.
    const told = this.#ask("observe", {
      ...rest,
      note: { ...noted, ...(caller && { caller: { accountId: caller.accountId, arn: caller.arn } }) },
    });
    if (rest.outcome !== "Success") await told;
  }

  /** When the primary has answered everything. */
  async idle(): Promise<void> {
    if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  #ask<Kind extends keyof WorkerQuestions>(
    kind: Kind,
    question: WorkerQuestions[Kind]["question"],
  ): Promise<WorkerQuestions[Kind]["answer"]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // The primary answers each kind with its own answer.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      this.#pending.set(id, { resolve: resolve as (answer: unknown) => void, reject });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      this.tell({ kind, id, question } as FromWorker);
    });
  }

  #settle(message: Extract<ToWorker, { id: number }>): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === "answer") pending?.resolve(message.answer);
    else pending?.reject(errorOf(message.error));
    if (this.#pending.size === 0) this.#idle?.();
  }
}
