/**
 * Decides what the items of a simulated company are called and to which family they belong.
 * Never decides quantities, costs or codes.
 */

export interface Family {
  readonly name: string;
  readonly baseUom: 'EA' | 'KG';
  readonly lotControlled: boolean;
  readonly nouns: readonly string[];
  readonly sizes: readonly string[];
  readonly finishes: readonly string[];
}

/** Some names hold commas and inch marks, as real ones do: both must be quoted in a CSV file. */
const FAMILIES: readonly Family[] = [
  {
    name: 'fasteners',
    baseUom: 'EA',
    lotControlled: true,
    nouns: ['Hex bolt', 'Carriage bolt', 'Wood screw', 'Machine screw', 'Threaded rod', 'Flange nut', 'Wall anchor'],
    sizes: ['M6 x 30 mm', 'M8 x 40 mm', 'M10 x 60 mm', '1/4" x 2"', '3/8" x 3"', '5/16" x 1-1/2"'],
    finishes: ['zinc plated', 'stainless A2', 'hot-dip galvanised', 'black oxide'],
  },
  {
    name: 'electrical',
    baseUom: 'EA',
    lotControlled: false,
    nouns: ['Circuit breaker', 'Duplex receptacle', 'Wire connector', 'Junction box', 'LED panel', 'Contactor'],
    sizes: ['16 A', '20 A', '32 A', '63 A', '120 V', '240 V'],
    finishes: ['white', 'grey', 'DIN rail', 'surface mount'],
  },
  {
    name: 'plumbing',
    baseUom: 'EA',
    lotControlled: false,
    nouns: ['Ball valve', 'Copper elbow', 'Compression tee', 'Check valve', 'Pipe clamp', 'Flexible hose'],
    sizes: ['1/2"', '3/4"', '1"', '1-1/4"', '2"', '15 mm'],
    finishes: ['brass', 'lead-free', 'chrome', 'PN16'],
  },
  {
    name: 'adhesives',
    baseUom: 'EA',
    lotControlled: true,
    nouns: ['Construction adhesive', 'Silicone sealant', 'Epoxy kit', 'Thread locker', 'Contact cement', 'Spray foam'],
    sizes: ['50 ml', '290 ml', '310 ml', '1 l', '5 l', '10 oz'],
    finishes: ['clear', 'white', 'fast cure', 'low VOC'],
  },
  {
    name: 'bulk',
    baseUom: 'KG',
    lotControlled: true,
    nouns: ['Grit blast media', 'Absorbent granulate', 'Welding flux', 'Solvent wipe, loose', 'Casting resin'],
    sizes: ['fine', 'medium', 'coarse', 'grade 2', 'grade 4'],
    finishes: ['bag', 'drum', 'big bag'],
  },
  {
    name: 'safety',
    baseUom: 'EA',
    lotControlled: true,
    nouns: [
      'Nitrile gloves',
      'Half-mask respirator',
      'Safety glasses',
      'Hearing protectors',
      'Hi-vis vest',
      'Hard hat',
    ],
    sizes: ['S', 'M', 'L', 'XL', 'one size', 'pack of 10'],
    finishes: ['blue', 'yellow', 'class 2', 'vented'],
  },
];

/** Families by item, so that bulk goods stay rare (one item in eighteen) and 30% of the rows carry no lot. */
const FAMILY_WHEEL: readonly number[] = [0, 1, 3, 2, 5, 0, 1, 4, 3, 2, 0, 1, 5, 2, 3, 1, 0, 5];

export function familyOf(itemIndex: number): Family {
  return FAMILIES[FAMILY_WHEEL[itemIndex % FAMILY_WHEEL.length]!]!;
}

/** The item's name, as it stands in the master data (not quoted). Names repeat only with a model number. */
export function describeItem(itemIndex: number): string {
  const family = familyOf(itemIndex);
  let rest = itemIndex;
  const noun = family.nouns[rest % family.nouns.length]!;
  rest = Math.floor(itemIndex / FAMILY_WHEEL.length);
  const size = family.sizes[rest % family.sizes.length]!;
  rest = Math.floor(rest / family.sizes.length);
  const finish = family.finishes[rest % family.finishes.length]!;
  return `${noun}, ${size}, ${finish}, no. ${100 + itemIndex}`;
}
