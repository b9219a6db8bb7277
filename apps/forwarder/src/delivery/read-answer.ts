import type { Parcel } from "./parcel.ts";
import type { SendAnswer } from "./sender.ts";

/** What one entry of an answer means for its event. */
export type Verdict =
  | { readonly kind: "delivered"; readonly eventID: string }
  | { readonly kind: "retry"; readonly code: string; readonly message: string }
  | { readonly kind: "dead"; readonly code: string; readonly message: string };

/** The two per-event codes a later attempt may clear. Spec 1.2, 1.7. */
const retryable = new Set(["Throttling", "InternalFailure"]);

/**
 * Reads an answer by id, trusting nothing: an event is delivered only if it is in `successful` and not in `failed`; one
 * that is in neither list, or in both, is not known to be delivered and is sent again with the same bytes. Ids that were
 * not sent are only counted. Spec 1.2.
 */
export function readAnswer(
  parcels: readonly Parcel[],
  answer: SendAnswer,
): { readonly verdicts: readonly Verdict[]; readonly unknownIds: number } {
  const sent = new Set(parcels.map((parcel) => parcel.id));
  const successes = new Map<string, string>();
  const failures = new Map<string, { code: string; message: string }>();
  let unknownIds = 0;
  for (const entry of listOf(answer.successful)) {
    if (typeof entry.id === "string" && sent.has(entry.id)) successes.set(entry.id, textOf(entry.eventID) ?? "");
    else unknownIds++;
  }
  for (const entry of listOf(answer.failed)) {
    if (typeof entry.id !== "string" || !sent.has(entry.id)) {
      unknownIds++;
      continue;
    }
    const code = textOf(entry.errorCode) ?? "Unknown";
    const known = failures.get(entry.id);
    if (known === undefined || retryable.has(code))
      failures.set(entry.id, { code, message: (textOf(entry.errorMessage) ?? code).slice(0, 1024) });
  }
  const verdicts = parcels.map(({ id }): Verdict => {
    const eventID = successes.get(id);
    const failure = failures.get(id);
    if (failure === undefined)
      return eventID === undefined
        ? { kind: "retry", code: "MissingInAnswer", message: "The answer names this id in neither list." }
        : { kind: "delivered", eventID };
    if (eventID !== undefined)
      return {
        kind: "retry",
        code: "ContradictoryAnswer",
        message: `In both lists; failed says ${failure.code}: ${failure.message}`,
      };
    return { kind: retryable.has(failure.code) ? "retry" : "dead", ...failure };
  });
  return { verdicts, unknownIds };
}

type Entry = {
  readonly id?: unknown;
  readonly eventID?: unknown;
  readonly errorCode?: unknown;
  readonly errorMessage?: unknown;
};

function listOf(list: unknown): readonly Entry[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly unknown[]).map((entry) => (typeof entry === "object" && entry !== null ? entry : {}));
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
