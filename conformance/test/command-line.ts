import { Interruption } from "../src/command/interruption.ts";
import { main } from "../src/main.ts";

/** Runs the command line in this process. Answers its exit code and what it printed. @param end is told how the run's time ends */
export async function commandLine(
  argv: readonly string[],
  { env = process.env, end }: { readonly env?: NodeJS.ProcessEnv; readonly end?: (ends: () => void) => void } = {},
): Promise<{ readonly code: number; readonly text: string }> {
  let text = "";
  const write = (chunk: string) => ((text += chunk), true);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is written to
  const stream = { write } as unknown as NodeJS.WritableStream;
  const code = await main(argv, {
    stdout: stream,
    stderr: stream,
    env,
    confirm: () => Promise.resolve(false),
    interruption: new Interruption(),
    after: (_ms, run) => {
      end?.(run);
      return () => undefined;
    },
  });
  return { code, text };
}
