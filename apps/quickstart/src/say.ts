/** What a person sees: numbered steps, details under them, colour on a terminal alone. */
export interface Say {
  step(text: string): void;
  detail(text: string): void;
  blank(): void;
  raw(text: string): void;
}

export function sayTo(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Say {
  const colour = stream.isTTY && env["NO_COLOR"] === undefined;
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  let steps = 0;
  return {
    step: (text) => void stream.write(`${paint(36, `[${++steps}]`)} ${paint(1, text)}\n`),
    detail: (text) => void stream.write(`    ${text}\n`),
    blank: () => void stream.write("\n"),
    raw: (text) => void stream.write(text),
  };
}
