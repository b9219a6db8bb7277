/**
 * Reads what vitest printed, by itself or through turbo, which begins each line with the package's name: how many tests passed and
 * failed in all, and `parts`, how long each package (`whole: true`) and each file took, in seconds on the clock.
 *
 * @param name of what is run, for lines without a package
 */
export function readVitestLog(log, name) {
  const parts = [];
  let passed = 0;
  let failed = 0;
  for (const line of log.split("\n")) {
    const [, prefix, text] = /^(?:(\S+):test(?::heavy)?: )?(.*)$/.exec(line);
    const of = prefix ?? name;
    if (/^ +Tests .*(?:passed|failed)/.test(text)) {
      passed += counted(text, "passed");
      failed += counted(text, "failed");
    }
    const whole = /^ +Duration +([\d.]+)(m?)s/.exec(text);
    if (whole !== null) parts.push({ name: of, seconds: secondsOf(whole[1], whole[2]), whole: true });
    const file = /^ \S (\S+\.test\.ts) \(.*\) ([\d.]+)(m?)s$/.exec(text);
    if (file !== null) parts.push({ name: `${of} ${file[1]}`, seconds: secondsOf(file[2], file[3]), whole: false });
  }
  return { passed, failed, parts };
}

const counted = (text, what) => Number(new RegExp(`(\\d+) ${what}`).exec(text)?.[1] ?? 0);
const secondsOf = (digits, milli) => Number(digits) / (milli === "m" ? 1000 : 1);
