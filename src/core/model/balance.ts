/** What one system says of one piece of inventory, after normalising: the row that everything downstream works on. */

export type Role = 'erp' | 'wms';

/** Category index of a native status that no rule takes. */
export const UNMAPPED = -1;

/**
 * One balance in base units. `quantity` is scaled by 10^quantity_decimals and a safe integer. owner and lot are '' where
 * the source has none. `category` is an index into the configuration's categories, or UNMAPPED.
 */
export interface Balance {
  readonly role: Role;
  readonly system: string;
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly status: string;
  readonly category: number;
  readonly quantity: number;
}

/** What is in flight for a key: signed, in base units, positive where it will raise the ERP's balance. */
export interface InFlightQuantity {
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: number;
  readonly quantity: number;
}
