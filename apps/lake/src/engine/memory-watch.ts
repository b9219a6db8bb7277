/** What a query process needs beside the engine's limit: the program, its pages on their way out, the engine's own slack. */
const besides = 512 * 1024 ** 2;

/**
 * Calls `over` once when this process holds more memory than an engine with this limit (`256MiB`) should need. The engine
 * does not count everything towards its limit: lists that a lambda makes grow past it.
 */
export function watchMemory(memoryLimit: string | undefined, over: () => void): void {
  const mebibytes = /^(\d+)MiB$/.exec(memoryLimit ?? "")?.[1];
  if (mebibytes === undefined) return;
  const most = Number(mebibytes) * 1024 ** 2 + besides;
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() <= most) return;
    clearInterval(timer);
    over();
  }, 50);
  timer.unref();
}
