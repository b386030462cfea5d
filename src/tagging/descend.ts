/** A smooth function to be minimised: its value at a point, its slope written into `slope`. */
export type Loss = (at: Float64Array, slope: Float64Array) => number;

/** So many steps tell how the slope bends. */
const MEMORY = 8;
const MOST_CUTS = 12;
/** A step must gain this share of what the slope promises. */
const ENOUGH = 1e-4;

/** Minimises a loss of very many unknowns (L-BFGS), beginning with zeros. */
export function descend(loss: Loss, size: number, rounds: number): Float64Array {
  let here = new Float64Array(size);
  let slope = new Float64Array(size);
  let value = loss(here, slope);
  const moves: Float64Array[] = [];
  const bends: Float64Array[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const way = directionOf(slope, moves, bends);
    let promise = dot(way, slope);
    if (promise >= 0) break;
    let length = round === 0 ? 1 / Math.max(1, Math.sqrt(-promise)) : 1;
    let next = here;
    const slopeThere = new Float64Array(size);
    let there = Infinity;
    for (let cut = 0; cut < MOST_CUTS; cut += 1) {
      next = here.map((one, at) => one + length * (way[at] as number));
      there = loss(next, slopeThere);
      if (there <= value + ENOUGH * length * promise) break;
      length /= 2;
    }
    if (!(there < value)) break;
    const move = next.map((one, at) => one - (here[at] as number));
    const bend = slopeThere.map((one, at) => one - (slope[at] as number));
    promise = dot(move, bend);
    if (promise > 1e-10) {
      moves.push(move);
      bends.push(bend);
      if (moves.length > MEMORY) {
        moves.shift();
        bends.shift();
      }
    }
    const isFlat = value - there < 1e-6 * Math.max(1, Math.abs(value));
    here = next;
    slope = slopeThere;
    value = there;
    if (isFlat) break;
  }
  return here;
}

/** Downhill, bent by what the last steps taught (two-loop recursion). */
function directionOf(
  slope: Float64Array,
  moves: readonly Float64Array[],
  bends: readonly Float64Array[],
): Float64Array {
  const way = slope.map((one) => -one);
  const shares: number[] = [];
  for (let step = moves.length - 1; step >= 0; step -= 1) {
    const move = moves[step] as Float64Array;
    const bend = bends[step] as Float64Array;
    const share = dot(move, way) / dot(move, bend);
    shares[step] = share;
    add(way, bend, -share);
  }
  const [move, bend] = [moves.at(-1), bends.at(-1)];
  if (move && bend) {
    const scale = dot(move, bend) / dot(bend, bend);
    for (let at = 0; at < way.length; at += 1) way[at] = (way[at] as number) * scale;
  }
  for (let step = 0; step < moves.length; step += 1) {
    const [one, other] = [moves[step] as Float64Array, bends[step] as Float64Array];
    add(way, one, (shares[step] as number) - dot(other, way) / dot(one, other));
  }
  return way;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let at = 0; at < to.length; at += 1) to[at] = (to[at] as number) + times * (what[at] as number);
}
