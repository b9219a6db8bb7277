// Loaded into every Node process of a lake under measurement: writes what V8 and Node hold, so that the rest, the engine's, can be told.
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const folder = process.env["TRIBUTARY_BENCH_PROBE"];
if (isMainThread && folder !== undefined) {
  const write = () => {
    const { heapTotal, external } = process.memoryUsage();
    writeFileSync(`${folder}/${process.pid}`, String(heapTotal + external));
  };
  setInterval(write, 200).unref();
  write();
}
