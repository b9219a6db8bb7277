import { spawn } from "node:child_process";
import type { ShipperRun, ShipperSubject } from "./shipper-subject.ts";

/**
 * A shipper that is a command of a shell. What it needs stands in its environment: ENDPOINT, CHANNEL_ARN, EXTERNAL_ID, RECORDS (a file),
 * STATE (a directory that lives as long as a scenario), and what AWS's tools read: AWS_REGION, AWS_ACCESS_KEY_ID,
 * AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL_CLOUDTRAIL_DATA.
 * @param env what else it gets, for instance this process's own
 */
export function commandShipper(command: string, env: NodeJS.ProcessEnv): ShipperSubject {
  return {
    name: command,
    run: (setting, { kill, timeoutMs }) =>
      new Promise<ShipperRun>((resolve, reject) => {
        const child = spawn("/bin/sh", ["-c", command], {
          detached: true,
          stdio: "ignore",
          env: {
            ...env,
            ENDPOINT: setting.endpoint,
            CHANNEL_ARN: setting.channelArn,
            EXTERNAL_ID: setting.externalId,
            RECORDS: setting.records,
            STATE: setting.state,
            AWS_REGION: setting.region,
            AWS_ACCESS_KEY_ID: setting.accessKeyId,
            AWS_SECRET_ACCESS_KEY: setting.secretAccessKey,
            AWS_SESSION_TOKEN: "",
            AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: setting.endpoint,
          },
        });
        let timedOut = false;
        // The shell and whatever it started: they are a group of their own.
        const end = () => {
          try {
            if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
          } catch {
            // It has ended by itself.
          }
        };
        const timer = setTimeout(() => {
          timedOut = true;
          end();
        }, timeoutMs);
        kill?.addEventListener("abort", end, { once: true });
        if (kill?.aborted === true) end();
        child.on("error", reject);
        child.on("close", (exitCode) => {
          clearTimeout(timer);
          kill?.removeEventListener("abort", end);
          resolve({ exitCode, timedOut });
        });
      }),
  };
}
