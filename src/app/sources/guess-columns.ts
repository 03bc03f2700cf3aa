/**
 * Proposes which columns of a file mean what, by the names that ERP and warehouse systems give them, and how their numbers and
 * times are written, by their values. Never decides: a person sees and changes it.
 */
import { CANONICAL_COLUMNS, type SourceKind } from '../../contract/configuration.ts';

/** Names as systems and people write them, without separators and in lower case; those of the ERP's tables among them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  site: [
    'site',
    'plant',
    'werks',
    'warehouse',
    'whse',
    'facility',
    'dc',
    'branch',
    'lgnum',
    'org',
    'organizationcode',
    'werk',
  ],
  item: [
    'item',
    'itemcode',
    'itemno',
    'itemnumber',
    'sku',
    'material',
    'matnr',
    'materialnumber',
    'product',
    'productcode',
    'article',
    'artikel',
    'partnumber',
    'part',
  ],
  status: [
    'status',
    'stockstatus',
    'stocktype',
    'inventorystatus',
    'invstatus',
    'bestq',
    'insmk',
    'condition',
    'subinventory',
    'lockcode',
  ],
  quantity: [
    'quantity',
    'qty',
    'onhand',
    'onhandqty',
    'onhandquantity',
    'labst',
    'menge',
    'stock',
    'units',
    'actualqty',
    'totalqty',
    'bestand',
    'qtyonhand',
  ],
  owner: ['owner', 'ownercode', 'client', 'consignor', 'sobkz'],
  lot: ['lot', 'lotno', 'lotnumber', 'batchnumber', 'charg', 'charge'],
  serial: ['serial', 'serialno', 'serialnumber', 'sernr'],
  location: ['location', 'loc', 'bin', 'storagelocation', 'lgort', 'lgpla', 'locator', 'locn'],
  lpn: ['lpn', 'licenseplate', 'pallet', 'lenum', 'containerid'],
  uom: ['uom', 'unit', 'unitofmeasure', 'meins', 'meinh', 'baseuom', 'um'],
  unit_cost: ['unitcost', 'cost', 'stdcost', 'standardcost', 'verpr', 'stprs', 'price'],
  currency: ['currency', 'curr', 'waers', 'currencycode'],
  as_of: ['asof', 'snapshottime', 'snapshotat', 'extractedat', 'cutoff', 'snapshotdate'],
  movement_id: ['movementid', 'transactionid', 'tranid', 'mblnr', 'documentnumber', 'docno', 'id'],
  posted_at: [
    'postedat',
    'postingdate',
    'budat',
    'postingtime',
    'transactiondate',
    'createdat',
    'timestamp',
    'trandate',
    'posted',
  ],
  event_at: ['eventat', 'eventtime', 'physicaltime', 'bldat'],
  type: ['type', 'movementtype', 'bwart', 'transactiontype', 'trantype', 'messagetype'],
  reference: [
    'reference',
    'ref',
    'refno',
    'document',
    'xblnr',
    'order',
    'orderno',
    'ordernumber',
    'ponumber',
    'vbeln',
    'ebeln',
  ],
  line: ['line', 'lineno', 'linenumber', 'zeile', 'position', 'posnr'],
  reason: ['reason', 'reasoncode', 'grund', 'grbew'],
  user: ['user', 'username', 'usnam', 'operator', 'userid'],
  message_id: ['messageid', 'msgid', 'idoc', 'docnum', 'messagenumber', 'controlnumber'],
  batch: ['batch', 'batchid', 'run', 'load'],
  sent_at: ['sentat', 'senttime', 'sent', 'createdat', 'credat', 'sendtime', 'timestamp'],
  received_at: ['receivedat', 'received', 'receivetime'],
  applied_at: ['appliedat', 'applied', 'acknowledgedat', 'acktime', 'processedat', 'postedat'],
  state: ['state', 'status', 'messagestatus', 'msgstatus', 'result'],
  interface: ['interface', 'interfacename', 'mestyp', 'transactionset', 'messagetype', 'queue'],
  from_system: ['fromsystem', 'from', 'sender', 'sndprn', 'source', 'sourcesystem'],
  to_system: ['tosystem', 'to', 'receiver', 'rcvprn', 'target', 'targetsystem'],
  error: ['error', 'errortext', 'errormessage', 'errorcode', 'statxt', 'message'],
  description: ['description', 'desc', 'name', 'maktx', 'itemdescription', 'itemname'],
  base_uom: ['baseuom', 'uom', 'unit', 'meins', 'baseunit'],
  abc_class: ['abcclass', 'abc', 'maabc', 'class'],
  family: ['family', 'group', 'matkl', 'category', 'productgroup', 'itemgroup'],
  factor: ['factor', 'umrez', 'conversion', 'unitsperpack', 'packsize', 'qtyper'],
  system: ['system', 'systemid', 'sourcesystem'],
  alias: ['alias', 'code', 'externalcode', 'foreigncode', 'legacycode'],
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Canonical name → column. Columns that bear the canonical name need none. Each column means one thing. */
export function guessColumns(kind: SourceKind, header: readonly string[]): Record<string, string> {
  const proposed: Record<string, string> = {};
  const canonical: readonly string[] = CANONICAL_COLUMNS[kind];
  const own = new Set(header.map((name) => name.toLowerCase()));
  const taken = new Set(header.filter((name) => canonical.includes(name.toLowerCase())));
  for (const name of canonical) {
    if (own.has(name)) continue;
    const column = (NAMES[name] ?? [plain(name)])
      .map((known) => header.find((each) => plain(each) === known && !taken.has(each)))
      .find((found) => found !== undefined);
    if (column === undefined) continue;
    proposed[name] = column;
    taken.add(column);
  }
  return proposed;
}

export interface GuessedValues {
  readonly decimal?: ',' | '.';
  readonly thousands?: ',' | '.' | ' ' | "'";
  readonly negative?: ('trailing-minus' | 'parentheses' | 'minus-sign')[];
  readonly time_format?: string;
  /** Times say no zone. */
  readonly lacksZone?: boolean;
}

/** What the values of numeric columns tell; nothing where one notation is as likely as another. */
export function guessNumbers(values: readonly string[]): GuessedValues {
  const numbers = values.map((value) => value.trim()).filter((value) => /\d/.test(value));
  const some = (pattern: RegExp): boolean => numbers.some((value) => pattern.test(value));
  const negative = [
    ...(some(/\d-$/) ? (['trailing-minus'] as const) : []),
    ...(some(/^\(.*\)$/) ? (['parentheses'] as const) : []),
    ...(some(/^\u2212/) ? (['minus-sign'] as const) : []),
  ];
  const bare = numbers.map((value) => value.replaceAll(/[()\u2212+-]/g, ''));
  const fits = (pattern: RegExp): boolean => bare.length > 0 && bare.every((value) => pattern.test(value));
  const has = (pattern: RegExp): boolean => bare.some((value) => pattern.test(value));
  const more = negative.length === 0 ? {} : { negative: [...negative] };
  if (fits(/^\d+(\.\d+)?$/)) return more;
  const european = /^\d{1,3}(\.\d{3})*(,\d+)?$|^\d+(,\d+)?$/;
  const english = /^\d{1,3}(,\d{3})*(\.\d+)?$|^\d+(\.\d+)?$/;
  // 1,250 alone may be either; one value that can be one of them only decides.
  if (fits(european) && (!fits(english) || has(/,\d{1,2}$/)))
    return { ...more, decimal: ',', ...(has(/\.\d{3}/) && { thousands: '.' as const }) };
  if (fits(english)) return { ...more, decimal: '.', thousands: ',' };
  for (const thousands of [' ', "'"] as const) {
    const parts = bare.map((value) => value.replaceAll(/[\s\u00a0\u202f']/g, thousands));
    if (!parts.some((value) => value.includes(thousands))) continue;
    const decimal = parts.some((value) => /,\d+$/.test(value)) ? (',' as const) : ('.' as const);
    return { ...more, decimal, thousands };
  }
  return more;
}

const DAY = String.raw`(\d{1,2})([/.-])(\d{1,2})\2(\d{4})`;
const CLOCK = String.raw`(?:[ T](\d{2}):(\d{2})(:\d{2})?( ?[AP]M)?)?`;

/** The Luxon format of times that are no ISO 8601; which of day and month comes first only where a day above 12 shows it. */
export function guessTimes(values: readonly string[]): GuessedValues {
  const times = values.map((value) => value.trim()).filter((value) => value !== '');
  if (times.length === 0) return {};
  const lacksZone = times.some((value) => !/(Z|[+-]\d{2}:?\d{2})$/.test(value));
  if (times.every((value) => /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2})?/.test(value))) return lacksZone ? { lacksZone } : {};
  if (times.every((value) => /^\d{8}$/.test(value))) return { time_format: 'yyyyMMdd', lacksZone };
  if (times.every((value) => /^\d{14}$/.test(value))) return { time_format: 'yyyyMMddHHmmss', lacksZone };
  const matches = times.map((value) => new RegExp(`^${DAY}${CLOCK}$`).exec(value));
  if (matches.some((match) => match === null)) return { lacksZone };
  const [first] = matches as RegExpExecArray[];
  const isMonthFirst = matches.some((match) => Number(match?.[3]) > 12);
  const isDayFirst = matches.some((match) => Number(match?.[1]) > 12) || (!isMonthFirst && first?.[2] === '.');
  if (isDayFirst === isMonthFirst) return { lacksZone };
  const isPadded = matches.every((match) => match?.[1]?.length === 2 && match[3]?.length === 2);
  const [day, month] = isPadded ? ['dd', 'MM'] : ['d', 'M'];
  const separator = first?.[2] ?? '/';
  const days = (isDayFirst ? [day, month, 'yyyy'] : [month, day, 'yyyy']).join(separator);
  const isHalf = first?.[8] !== undefined;
  const clock =
    first?.[5] === undefined ? '' : ` ${isHalf ? 'hh' : 'HH'}:mm${first[7] ? ':ss' : ''}${isHalf ? ' a' : ''}`;
  return { time_format: `${days}${clock}`, lacksZone };
}
