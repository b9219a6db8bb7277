import { requestBudget } from "@tributary/adapter-kit/poll";
import type { Clock } from "../delivery/clock.ts";
import { sleep } from "./sleep.ts";

/** The way to a vendor within one budget, whoever of an integration sends: its poller, and a backfill beside it. */
export function budgeted(
  send: (request: Request) => Promise<Response>,
  requestsPerMinute: number | undefined,
  clock: Clock,
): (request: Request) => Promise<Response> {
  if (requestsPerMinute === undefined) return send;
  const admit = requestBudget(requestsPerMinute, {
    now: () => clock.now(),
    sleep: (ms, signal) => sleep(clock, ms, signal),
  });
  return async (request) => {
    await admit(request.signal);
    return send(request);
  };
}
