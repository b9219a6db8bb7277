import { readUtcSeconds, valueAt } from "@tributary/adapter-kit";
import { webhookKinds } from "./webhook-kinds.ts";

/** The member of the subject that says when such an action happened; for every other one it is `updated_at`. */
const timeOfAction: Readonly<Record<string, string>> = {
  opened: "created_at",
  created: "created_at",
  queued: "created_at",
  in_progress: "started_at",
  completed: "completed_at",
  submitted: "submitted_at",
  published: "published_at",
  released: "published_at",
  prereleased: "published_at",
  closed: "closed_at",
};

/**
 * When a webhook's event happened, by its payload; undefined where nothing says it. A commit's own time is not when it was
 * pushed, so of a push it is the repository's `pushed_at` alone.
 */
export function webhookTime(event: string, action: string | undefined, payload: unknown): string | undefined {
  if (event === "push") return readUtcSeconds(valueAt(payload, "repository", "pushed_at"));
  if (event === "fork") return readUtcSeconds(valueAt(payload, "forkee", "created_at"));
  // What is deleted keeps the time of its last change, which is not when it went.
  if (action === undefined || action === "deleted") return undefined;
  const subject = webhookKinds.find((kind) => kind.event === event)?.subject ?? event;
  // A release's created_at is the time of its commit.
  const known = Object.hasOwn(timeOfAction, action) && !(event === "release" && action === "created");
  const member = known ? timeOfAction[action] : undefined;
  return (
    (member === undefined ? undefined : readUtcSeconds(valueAt(payload, subject, member))) ??
    readUtcSeconds(valueAt(payload, subject, "updated_at"))
  );
}
