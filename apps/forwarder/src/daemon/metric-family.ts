type Labels = Readonly<Record<string, string>>;
/** A value without which there is no line. */
export type Sample = readonly [labels: Labels, value: number | undefined];

/** A family of metrics in Prometheus' text format 0.0.4. @param name without `tributary_`; that of a counter ends in `_total` */
export function family(name: string, type: "counter" | "gauge", help: string, samples: readonly Sample[]): string {
  const lines = samples.flatMap(([labels, value]) =>
    value === undefined ? [] : [`tributary_${name}${labelText(labels)} ${value}\n`],
  );
  return `# HELP tributary_${name} ${help}\n# TYPE tributary_${name} ${type}\n${lines.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
