// A writer: a client process of its own that puts events into a channel over kept-alive connections. It signs its requests,
// says "ready", waits for "go" and answers what it saw. Its one argument is a WriterTask as JSON.
import { drive } from "./drive.ts";
import { signedRequests, type Target } from "./signed-requests.ts";

export interface WriterTask {
  /** One for each lap: the same events in another channel are other events. */
  readonly targets: readonly Target[];
  readonly requests: number;
  readonly perRequest: number;
  readonly first: number;
  readonly startSeconds: number;
  readonly connections: number;
  /** Every request is sent twice, one right after the other. */
  readonly twice?: boolean;
  /** At most so many requests a second. */
  readonly rate?: number;
  /** Ends after so many seconds, wherever it is. */
  readonly seconds?: number;
}

const task: WriterTask = JSON.parse(process.argv[2]!);
const { targets, requests: count, perRequest, first, startSeconds, connections, twice = false } = task;
const requests = await signedRequests(targets[0]!, count, perRequest, first, startSeconds);
for (const target of targets.slice(1)) {
  for (let at = 0; at < count; at++) {
    const { body } = requests[at]!;
    const [request] = await signedRequests(target, 1, perRequest, 0, startSeconds, body);
    requests.push(request!);
  }
}
process.on("message", () => {
  const all = twice ? requests.flatMap((request) => [request, request]) : requests;
  void drive(targets[0]!.url, all, connections, task).then((result) => process.send!(result, () => process.exit(0)));
});
process.send!("ready");
