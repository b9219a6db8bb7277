import { secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite } from "@tributary/adapter-kit/suite";
import { test } from "vitest";
import { netskope } from "../src/index.ts";
import { netskopeApi, tenant, token } from "./netskope-api.ts";

pollSuite({
  test,
  adapter: netskope,
  options: {
    tenant,
    token: secretFrom(token),
    endpoints: ["events/audit", "events/application", "alerts/dlp"],
  },
  vendor: netskopeApi,
  record: (n, at) => {
    const common = { _id: `0b0b0b0b0b0b0b0b${n}`, timestamp: Math.floor(at / 1000), user: `user${n}@example.com` };
    if (n % 3 === 0)
      return {
        ...common,
        type: "admin_audit_logs",
        audit_log_event: "Login Successful",
        supporting_data: { data_type: "user", data_values: ["198.51.100.7", `user${n}`] },
      };
    if (n % 3 === 1)
      return { ...common, type: "nspolicy", record_type: "application", activity: "Upload", srcip: "192.0.2.8" };
    return { ...common, type: "nspolicy", alert: "yes", alert_type: "DLP", action: "alert", transaction_id: n };
  },
});
