import { canary, type LogLine } from "../test/support/running.ts";
import { type Life, live } from "./life.ts";

/** One of several `tributary run` on one state. */
export interface SharedForwarder {
  readonly life: Life;
  readonly lines: readonly LogLine[];
  /** Where it listens. */
  readonly url: Promise<string>;
  /** A number of /metrics, summed over its labels; undefined while it does not answer. */
  metric(name: string): Promise<number | undefined>;
}

export function sharedForwarder(
  configuration: string,
  options: { readonly env: Record<string, string>; readonly program?: string | undefined },
): SharedForwarder {
  const argv = ["run", "--config", configuration, "--log", "json", "--client", "built-in"];
  const life = live(argv, { program: options.program, env: { TOKEN: canary, ...options.env } });
  const lines: LogLine[] = [];
  const url = new Promise<string>((resolve, reject) => {
    life.onLine((text) => {
      const line = text.startsWith("{") ? (JSON.parse(text) as LogLine) : { level: "error" as const, message: text };
      lines.push(line);
      if (line.message === "listening" && line.url !== undefined) resolve(line.url);
    });
    void life.ended.then(({ stderr }) => reject(new Error(`It ended: ${stderr.slice(-2000)}`)));
  });
  url.catch(() => undefined);
  return {
    life,
    lines,
    url,
    async metric(name) {
      try {
        const response = await fetch(`${await url}/metrics`, { signal: AbortSignal.timeout(1000) });
        const samples = (await response.text()).split("\n").filter((line) => line.startsWith(`tributary_${name}{`));
        return samples.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
      } catch {
        return undefined;
      }
    },
  };
}
