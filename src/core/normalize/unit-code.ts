/** Decides which unit a code means, and whether a fraction of it is a quantity. Never converts: packs do (see unit.ts). */

/** Codes of one piece: X12 and UN/ECE Rec. 20 codes and what ERPs write. */
const PIECE = new Set(['EA', 'EACH', 'PC', 'PCE', 'PCS', 'PIECE', 'ST', 'C62', 'H87', 'UN', 'UNIT', 'NMB']);

/** Units of weight, volume, length and area, in which a fraction is a quantity. All other units are counted. */
const MEASURED = new Set(
  'KG KGM G GR GRM MG MGM T TO TN TNE LB LBR LBS OZ ONZ L LT LTR ML MLT CL CLT HL HLT GAL GL GLL QT PT FL FOZ M MT MTR CM CMT MM MMT KM KMT FT FOT IN INH YD YRD M2 MTK CM2 FT2 FTK SF YD2 M3 MTQ CM3 FT3 FTQ CF'.split(
    ' ',
  ),
);

/** One unit is the same however it is written: EA, each and PCE. */
export function canonicalUnit(uom: string): string {
  const upper = uom.toUpperCase();
  return PIECE.has(upper) ? 'EA' : upper;
}

export function isMeasured(uom: string): boolean {
  return MEASURED.has(uom.toUpperCase());
}
