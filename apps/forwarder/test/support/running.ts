import { fileURLToPath } from "node:url";
import { type Ended, start } from "./command.ts";
import { channelArn, type Scene } from "./scene.ts";

export const toyAdapter = fileURLToPath(new URL("toy-adapter.ts", import.meta.url));
/** Planted in every configuration of the tests: shown nowhere. */
export const canary = "canary-7d1e-of-the-configuration";

/** A line of `--log json`. */
export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly code?: string;
  readonly url?: string;
  readonly queued?: number;
}

/** A `tributary run` as users start it, whose log a test waits for. */
export interface Running {
  readonly ended: Promise<Ended>;
  readonly lines: readonly LogLine[];
  kill(signal: NodeJS.Signals): void;
  /** The first line from the `from`th on that fits; rejects when the process ends without one. */
  line(fits: (line: LogLine) => boolean, from?: number): Promise<LogLine>;
  /** Where it listens. */
  url(): Promise<string>;
  text(path: string): Promise<string>;
}

export function run(place: Scene, file: string, env: Record<string, string> = {}): Running {
  const argv = ["run", "--config", file, "--state", place.statePath, "--log", "json", "--client", "built-in"];
  const { child, ended } = start(argv, { env: { TOKEN: canary, ...env } });
  const lines: LogLine[] = [];
  let rest = "";
  let over = false;
  const waiting: (() => void)[] = [];
  const tell = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  child.stderr!.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    for (const part of parts) lines.push(part.startsWith("{") ? JSON.parse(part) : { level: "raw", message: part });
    tell();
  });
  child.on("close", () => {
    over = true;
    tell();
  });
  const self: Running = {
    ended,
    lines,
    kill: (signal) => void child.kill(signal),
    async line(fits, from = 0) {
      for (;;) {
        const found = lines.slice(from).find(fits);
        if (found !== undefined) return found;
        if (over) throw new Error(`It ended without that line:\n${JSON.stringify(lines, null, 1)}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    url: async () => (await self.line(({ message }) => message === "listening")).url!,
    text: async (path) => (await fetch(`${await self.url()}${path}`)).text(),
  };
  return self;
}

/** An integration of the toy adapter as YAML; sources are lines of it, indented by four blanks. */
export function toy(name: string, endpoint: string, sources: string): string {
  return `  - name: ${name}
    adapter: ${toyAdapter}
    channel: {arn: "${channelArn}", endpoint: "${endpoint}"}
${sources}
`;
}

export const polls = (url: string, more = "pageSize: 100"): string =>
  `    poll: {url: "${url}", token: {env: TOKEN}, pollSeconds: 0, ${more}}\n    allowPrivate: [127.0.0.1]`;

export const config = (integrations: string, limits = "parkSeconds: 1"): string =>
  `listen: {host: 127.0.0.1, port: 0}\nlimits: {${limits}}\nintegrations:\n${integrations}`;

/** Resolves when a condition holds that something outside the process changes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
