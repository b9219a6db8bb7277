/**
 * What a push draws, in full: the variables of the heavier suites for `TRIBUTARY_WHOLE=1`, as CONTRIBUTING.md names them. What
 * is set already stays.
 */
export function wholeRun(env) {
  if (env.TRIBUTARY_WHOLE !== "1") return {};
  const whole = {
    TRIBUTARY_KILLS: "1000",
    TRIBUTARY_WORKER_KILLS: "200",
    TRIBUTARY_RUNS: "20000",
    TRIBUTARY_ROUNDS: "25",
    TRIBUTARY_DAMAGES: "400",
    TRIBUTARY_MATRIX_SHARE: "1",
  };
  return Object.fromEntries(Object.entries(whole).filter(([name]) => env[name] === undefined));
}
