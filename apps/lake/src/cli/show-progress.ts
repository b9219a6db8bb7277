import type { CommandIo } from "./command.ts";

const everyMs = 200;

/** One line on standard error that is written over, on a terminal alone. `clear` it before anything else is printed. */
export function showProgress({ stderr }: CommandIo): {
  readonly show: (text: string) => void;
  readonly clear: () => void;
} {
  let shown = false;
  let last = -Infinity;
  return {
    show: (text) => {
      if (stderr.isTTY !== true || performance.now() - last < everyMs) return;
      last = performance.now();
      shown = true;
      stderr.write(`\r\u001b[K${text}`);
    },
    clear: () => {
      if (shown) stderr.write("\r\u001b[K");
      shown = false;
    },
  };
}
