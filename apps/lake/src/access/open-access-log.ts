import { join } from "node:path";
import type { Clock } from "../clock.ts";
import type { ServeOptions } from "../serve/serve.ts";
import { AccessLog } from "./access-log.ts";
import { DayFile } from "./day-file.ts";

/** The access log that the options name, `data` being the data directory; undefined for none. */
export function openAccessLog(
  {
    accessLog: where = "data",
    accessLogDays: days = 90,
    accessLogBytes: bytes = 4 * 1024 ** 3,
  }: Pick<ServeOptions, "accessLog" | "accessLogDays" | "accessLogBytes">,
  data: string,
  clock: Clock,
  log: (entry: Readonly<Record<string, unknown>>) => void,
): AccessLog | undefined {
  if (where === "off") return undefined;
  const lines =
    where === "data"
      ? new DayFile(join(data, "access"), bytes)
      : {
          append: where,
          sync: () => Promise.resolve(),
          reopen: () => Promise.resolve(),
          forget: () => undefined,
          takeTrimmed: () => undefined,
          close: () => undefined,
        };
  return new AccessLog({ lines, days, clock, log });
}
