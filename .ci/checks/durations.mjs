/**
 * How long everything took, as text: each job and below it its packages, then the files of tests that took longest. Jobs run side by side,
 * and so do packages, so that columns do not sum up to the whole.
 *
 * @param results of `runJobs`
 */
export function durations(results, { files = 25, shortest = 5 } = {}) {
  const short = results.filter(({ kind, seconds }) => kind !== "suite" && seconds < shortest);
  const jobs = results
    .filter((result) => !short.includes(result))
    .toSorted(bySeconds)
    .flatMap(({ name, seconds, processorSeconds, parts }) => {
      const packages = parts.filter(({ whole, name: part }) => whole && part !== name).toSorted(bySeconds);
      return [
        row(seconds, processorSeconds, name),
        ...packages.map((one) => row(one.seconds, undefined, `  ${one.name}`)),
      ];
    });
  const sum = (of) => short.reduce((total, one) => total + one[of], 0);
  const slow = results
    .flatMap(({ parts }) => parts.filter(({ whole }) => !whole))
    .toSorted(bySeconds)
    .slice(0, files);
  return [
    "=== how long it took: seconds on the clock, seconds of a processor",
    ...jobs,
    ...(short.length > 0
      ? [row(sum("seconds"), sum("processorSeconds"), `${short.length} others, of less than ${shortest} s each`)]
      : []),
    ...(slow.length > 0
      ? ["=== the slowest files of tests", ...slow.map(({ seconds, name }) => row(seconds, undefined, name))]
      : []),
  ].join("\n");
}

const bySeconds = (a, b) => b.seconds - a.seconds;
const row = (seconds, processor, name) =>
  `${seconds.toFixed(1).padStart(8)} ${(processor?.toFixed(1) ?? "").padStart(9)}  ${name}`;
