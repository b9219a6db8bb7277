import type { Adapter } from "@tributary/adapter-kit";
import { syslogRule } from "../syslog/syslog-rule.ts";
import { isNetwork } from "../network/address-list.ts";
import type { IntegrationPlan } from "./integration-plan.ts";
import { shown } from "./schema-findings.ts";
import type { SyslogSourceConfig } from "./syslog-schema.ts";
import type { Path } from "./yaml-source.ts";

/** What an integration's `syslog` says, checked. Undefined where something is wrong. */
export function syslogPlan(
  config: SyslogSourceConfig,
  adapter: Adapter,
  wrong: (path: Path, message: string, fix: string) => void,
): IntegrationPlan["syslog"] {
  const unknown = (config.from ?? []).findIndex((network) => !isNetwork(network));
  if (unknown >= 0)
    wrong(
      ["syslog", "from", unknown],
      `${shown(config.from?.[unknown])} is no address and no network`,
      "write it as 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32",
    );
  const usable = Object.keys(adapter.formats).filter((name) => {
    const frame = adapter.formats[name]?.frame;
    return frame === "line" || frame === "body";
  });
  const format = config.format ?? "syslog";
  if (!usable.includes(format)) {
    const what =
      config.format === undefined
        ? `${adapter.name} has no format syslog`
        : `${shown(format)} is no format of one message of ${adapter.name}`;
    wrong(
      config.format === undefined ? ["syslog"] : ["syslog", "format"],
      what,
      `name what stands behind the syslog header: format: ${usable.join(" or ")}`,
    );
    return undefined;
  }
  return unknown >= 0 ? undefined : { rule: syslogRule(config), format, payloadOnly: format !== "syslog" };
}
