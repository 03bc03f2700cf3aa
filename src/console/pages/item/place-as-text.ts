/** A place of an item as plain text for a mail or a ticket: how it stands, why, what to do. Decides only the lines. */
import type { ItemPlace } from '../../../contract/item-view.ts';
import { explainedKeys } from './choose-place.ts';
import { isNothing } from './exact-sums.ts';
import type { ShownItem } from './item-queries.ts';

/** Numbers stay as the contract has them: whoever pastes them may calculate with them. */
export function placeAsText(
  view: Pick<ShownItem, 'item' | 'description' | 'uom' | 'currency' | 'run_id'>,
  place: ItemPlace,
): string {
  const { site, owner, lot, actions } = place;
  const name = [site, owner, lot].filter((part) => part !== '').join(' / ');
  return [
    `${view.item} ${view.description}`.trim(),
    `${name}, run ${view.run_id}`,
    ...explainedKeys(place).flatMap((key) => [
      '',
      `${key.category}: ERP ${key.erp_quantity}, WMS ${key.wms_quantity}, WMS - ERP ${key.variance_quantity} ${view.uom}`.trimEnd(),
      ...(isNothing(key.in_flight_quantity)
        ? []
        : [`  in flight ${key.in_flight_quantity}, net ${key.net_variance_quantity}`]),
      ...key.contributions.map(
        ({ quantity, cause_words, document, confidence, value }) =>
          `  ${quantity}  ${[
            cause_words,
            document,
            confidence === '' ? '' : `confidence ${confidence}`,
            value === '' ? '' : `${value} ${view.currency}`,
          ]
            .filter((part) => part !== '')
            .join(', ')}`,
      ),
    ]),
    ...(actions.length === 0 ? [] : ['', ...actions.map((action, index) => `${index + 1}. ${action}`)]),
  ].join('\n');
}
