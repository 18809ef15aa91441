/** coefficient / 10 ** scale; the scale may be negative. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** The shortest decimal number that a double represents: the one that was written, up to 15 digits. */
export function toDecimal(value: number): Decimal {
  const [mantissa, exponent] = String(Math.abs(value)).split("e");
  const [whole, fraction] = (mantissa as string).split(".");
  const sign = value < 0 ? -1n : 1n;
  return {
    coefficient: sign * BigInt(`${whole}${fraction ?? ""}`),
    scale: (fraction?.length ?? 0) - Number(exponent ?? 0),
  };
}

/** Without trailing zeros in the coefficient, and with a scale of at least 0. */
export function reduced({ coefficient, scale }: Decimal): Decimal {
  if (scale < 0) return { coefficient: coefficient * 10n ** BigInt(-scale), scale: 0 };
  let shorter = coefficient;
  let decimals = scale;
  for (; decimals > 0 && shorter % 10n === 0n; decimals -= 1) shorter /= 10n;
  return { coefficient: shorter, scale: decimals };
}

/** Whether numbers are multiples of a unit, all of them treated as the decimal numbers that were written. */
export function multiplesOf(unit: number): (value: number) => boolean {
  const decimal = reduced(toDecimal(unit));
  const factor = 10 ** decimal.scale;
  const coefficient = Number(decimal.coefficient);
  const isExact = decimal.scale <= 22 && Number.isSafeInteger(coefficient);

  return (value) => {
    const counted = Math.round(value * factor);
    // Numbers of up to 15 digits differ as doubles: either this is the number, or it has more decimals than the unit.
    if (isExact && Math.abs(counted) < 1e15) return counted / factor === value && counted % coefficient === 0;
    return isMultiple(toDecimal(value), decimal);
  };
}

function isMultiple(one: Decimal, other: Decimal): boolean {
  const scale = Math.max(one.scale, other.scale);
  return countedIn(one, scale) % countedIn(other, scale) === 0n;
}

const countedIn = ({ coefficient, scale }: Decimal, wanted: number): bigint =>
  coefficient * 10n ** BigInt(wanted - scale);
