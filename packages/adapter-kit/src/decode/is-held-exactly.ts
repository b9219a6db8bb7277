/** Whether the double prints as the same decimal number as the literal it was read from. */
export function isHeldExactly(value: number, source: string): boolean {
  const printed = String(value);
  return printed === source || (Number.isFinite(value) && decimal(printed) === decimal(source));
}

/** Sign, significant digits and exponent of a decimal literal, in one spelling. */
function decimal(literal: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = whole + fraction;
  const start = digits.search(/[1-9]/);
  if (start < 0) return "0";
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end -= 1;
  return `${sign}${digits.slice(start, end)}e${whole.length - start + Number(exponent)}`;
}
