/** A step of the calibration: from this raw probability on, so many of 100 were right. */
export interface CalibrationStep {
  from: number;
  right: number;
}

/** No step rests on fewer given tags than this. */
const SMALLEST_BIN = 50;

/**
 * Turns held-out judgements into a table of steps (isotonic regression, pool adjacent violators, with a smallest
 * bin): a tag given with raw probability p was right in `right` of the cases.
 */
export function calibrate(judged: readonly { chance: number; right: boolean }[]): CalibrationStep[] {
  const sorted = [...judged].sort((one, other) => one.chance - other.chance);
  const bins: { from: number; right: number; count: number }[] = [];
  for (let at = 0; at < sorted.length; at += SMALLEST_BIN) {
    const part = sorted.slice(at, at + SMALLEST_BIN);
    const bin = { from: part[0]?.chance ?? 0, right: part.filter(({ right }) => right).length, count: part.length };
    const last = bins.at(-1);
    if (part.length < SMALLEST_BIN && last) {
      last.right += bin.right;
      last.count += bin.count;
    } else bins.push(bin);
  }
  for (let at = 1; at < bins.length; at += 1) {
    const bin = bins[at];
    const before = bins[at - 1];
    if (!bin || !before || bin.right / bin.count >= before.right / before.count) continue;
    before.right += bin.right;
    before.count += bin.count;
    bins.splice(at, 1);
    at = Math.max(0, at - 2);
  }
  return bins.map(({ from, right, count }) => ({ from: round(from), right: round(right / count) }));
}

/** The calibrated confidence of a raw probability; the probability itself where there is no table. */
export function confidenceOf(chance: number, steps: readonly CalibrationStep[]): number {
  let confidence: number | null = null;
  for (const step of steps) {
    if (step.from <= chance || confidence === null) confidence = step.right;
  }
  return round(confidence ?? chance);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
