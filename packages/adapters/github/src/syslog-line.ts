import { decodeJson, Refused } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";
import { headerOf, readSyslog } from "@tributary/adapter-kit/readers";

/**
 * A line of Enterprise Server's log forwarding or of its audit.log: `<190>May 22 12:05:54 host github_audit: {json}`.
 * Throws {@link Refused} `SYSLOG_LINE` for a line of another program of the server, `NOT_SYSLOG` for text that is none.
 */
export const syslogLine: Format = {
  frame: "line",
  sniff: (head) => /^\s*(?:<\d{1,3}>|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d )/.test(head),
  parse: (text) => {
    const syslog = readSyslog(text.trim());
    if (syslog.app !== "github_audit")
      throw new Refused(
        "SYSLOG_LINE",
        "This syslog line is not of github_audit: another program of the server wrote it.",
      );
    return { ...decodeJson(syslog.message), header: headerOf(syslog) };
  },
};
