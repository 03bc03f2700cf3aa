/** The types of movements that the contract names; a source may have others of its own. Never translates one. */
export const MOVEMENT_TYPES: ReadonlySet<string> = new Set([
  'receipt',
  'shipment',
  'adjustment',
  'count',
  'status-change',
  'lot-change',
  'item-change',
  'transfer-out',
  'transfer-in',
  'return',
  'scrap',
  'kit-consume',
  'kit-produce',
  'opening',
  'reversal',
]);
