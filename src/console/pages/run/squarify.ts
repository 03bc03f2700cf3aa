/**
 * Divides a rectangle into areas as large as their sizes, each as near to a square as it goes (Bruls, Huizing, van Wijk 2000).
 * Never knows what the areas stand for.
 */

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One area for each size, in their order, which is from large to small. Sizes are above zero. */
export function squarify(sizes: readonly number[], within: Area): Area[] {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const scale = whole === 0 ? 0 : (within.width * within.height) / whole;
  const areas: Area[] = [];
  let rest = within;
  for (let at = 0; at < sizes.length; ) {
    const side = Math.min(rest.width, rest.height);
    const row = [(sizes[at] as number) * scale];
    while (at + row.length < sizes.length) {
      const next = (sizes[at + row.length] as number) * scale;
      if (worst([...row, next], side) > worst(row, side)) break;
      row.push(next);
    }
    at += row.length;
    const laid = layRow(row, rest);
    areas.push(...laid.areas);
    rest = laid.rest;
  }
  return areas;
}

/** How far the worst area of a row is from a square. */
function worst(row: readonly number[], side: number): number {
  const sum = row.reduce((total, size) => total + size, 0);
  return Math.max((side * side * Math.max(...row)) / (sum * sum), (sum * sum) / (side * side * Math.min(...row)));
}

/** A row along the shorter side; what is left lies beside it. */
function layRow(row: readonly number[], { left, top, width, height }: Area): { areas: Area[]; rest: Area } {
  const sum = row.reduce((total, size) => total + size, 0);
  const isUpright = width >= height;
  const depth = Math.min(sum / (isUpright ? height : width), isUpright ? width : height);
  let along = isUpright ? top : left;
  const areas = row.map((size): Area => {
    const length = size / depth;
    const start = along;
    along += length;
    return isUpright
      ? { left, top: start, width: depth, height: length }
      : { left: start, top, width: length, height: depth };
  });
  const rest = isUpright
    ? { left: left + depth, top, width: width - depth, height }
    : { left, top: top + depth, width, height: height - depth };
  return { areas, rest };
}
