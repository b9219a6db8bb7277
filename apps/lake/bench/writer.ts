// A writer: a client process of its own that puts events into a channel over kept-alive connections. It signs its requests,
// says "ready", waits for "go" and answers what it saw. Its one argument is a WriterTask as JSON.
import { drive } from "./drive.ts";
import { signedRequests, type Target } from "./signed-requests.ts";

export interface WriterTask {
  readonly target: Target;
  readonly requests: number;
  readonly perRequest: number;
  readonly first: number;
  readonly startSeconds: number;
  /** Events in one second of event time. */
  readonly perSecond?: number;
  readonly connections: number;
  /** Every request is sent twice, one right after the other. */
  readonly twice?: boolean;
  /** At most so many requests a second. */
  readonly rate?: number;
  /** Ends after so many seconds, wherever it is. */
  readonly seconds?: number;
}

const task: WriterTask = JSON.parse(process.argv[2]!);
const { target, requests: count, perRequest, first, startSeconds, perSecond, connections, twice = false } = task;
const requests = await signedRequests(target, count, perRequest, first, startSeconds, undefined, perSecond);
process.on("message", () => {
  const all = twice ? requests.flatMap((request) => [request, request]) : requests;
  void drive(target.url, all, connections, task).then((result) => process.send!(result, () => process.exit(0)));
});
process.send!("ready");
