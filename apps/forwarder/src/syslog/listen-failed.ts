import { TributaryError } from "@tributary/schema";

/** `LISTEN_FAILED` for a syslog listener. @param where `0.0.0.0:514 (udp)` */
export function listenFailed(where: string, cause: Error): TributaryError {
  const low = "code" in cause && cause.code === "EACCES" ? " Ports below 1024 need the right to bind them." : "";
  return new TributaryError(`${where} cannot be listened on: ${cause.message}.${low} Choose another in syslog.`, {
    code: "LISTEN_FAILED",
    cause,
  });
}
