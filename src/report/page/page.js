// The table of discrepancies: sorts, filters and pages the embedded lines. Cells come ready to show; nothing is computed from amounts.
const table = document.getElementById('table');
const PAGE_ROWS = 100;
const PRINT_ROWS = 300;
// Opened on paper: the first ones, which are worth the most.
const PRINT_ITEMS = 5;
const LONG_CELL = 24;
const { columns, rows } = JSON.parse(document.getElementById('lines').textContent);
const at = Object.fromEntries(columns.map((column, index) => [column.key, index]));
const body = table.tBodies[0];
const byId = (id) => document.getElementById(id);
const filters = byId('filters');
const NO_FILTER = { search: '', site: '', category: '', direction: '', cause: '', finding: '' };
const view = { ...NO_FILTER, sort: 'rank', descending: false, page: 0 };
const searched = rows.map((cells) => cells.join('\n').toLowerCase());
const directionOf = (cells) => cells[at.direction].split(' · ')[0];
const readers = {
  site: (cells) => cells[at.site],
  category: (cells) => cells[at.category],
  direction: directionOf,
  // The confidence stands in brackets behind the cause.
  cause: (cells) => (cells[at.cause] ?? '').split(' (')[0],
  finding: (cells) => cells[at.finding_id] ?? '',
};
let found = rows.map((_, index) => index);

// For the order of rows only: a float is near enough there, and never shown.
function sortValue(text, kind) {
  if (kind === 'text') return text.toLowerCase();
  const number = Number.parseFloat(text.replace(/[^\d.−]/g, '').replace('−', '-'));
  return kind === 'size' ? Math.abs(number) : number;
}

function find() {
  const text = view.search.trim().toLowerCase();
  found = [];
  for (let index = 0; index < rows.length; index++) {
    if (text && !searched[index].includes(text)) continue;
    if (Object.keys(readers).every((name) => !view[name] || readers[name](rows[index]) === view[name]))
      found.push(index);
  }
  const { kind } = columns[at[view.sort]];
  const values = new Map(found.map((index) => [index, sortValue(rows[index][at[view.sort]], kind)]));
  const sign = view.descending ? -1 : 1;
  found.sort((a, b) => {
    const [x, y] = [values.get(a), values.get(b)];
    // What has no number comes last either way; equals keep their rank.
    if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y) || a - b;
    return (x < y ? -sign : x > y ? sign : 0) || a - b;
  });
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Items are read from the page when the first one is opened: most readers open few.
let items = byId('items') ? undefined : null;
function readItems() {
  if (items === undefined) items = JSON.parse(byId('items').textContent);
  return items;
}
function placeOf(index) {
  const text = readItems()?.places[items.lines[index]];
  if (text === undefined) return null;
  // Made and escaped with the page itself, like all of its markup.
  const holder = document.createElement('template');
  holder.innerHTML = text;
  return holder.content;
}

// For a shell, in quotes where the text needs them.
const quoted = (text) => (/^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
function hintOf(cells) {
  const hint = element('p', 'muted', 'Both systems by status, reasons and timeline: ');
  hint.append(element('code', '', `evenstock explain ${quoted(cells[at.item])} --site ${quoted(cells[at.site])}`));
  return hint;
}

function rowOf(index) {
  const cells = rows[index];
  const row = element('tr');
  columns.forEach((column, place) => {
    if (column.place !== 'row') return;
    const cell = element('td', `${column.kind} ${column.key}${cells[place].length > LONG_CELL ? ' long' : ''}`);
    cell.dataset.label = column.label;
    if (column.key !== 'item') cell.textContent = cells[place];
    else {
      const button = element('button', 'open', cells[place]);
      button.type = 'button';
      button.setAttribute('aria-expanded', 'false');
      button.onclick = () => toggle(row, button, index);
      cell.append(button);
      if (cells[at.description]) cell.append(' ', element('span', 'description', cells[at.description]));
    }
    row.append(cell);
  });
  return row;
}

function toggle(row, button, index) {
  const open = button.getAttribute('aria-expanded') === 'true';
  button.setAttribute('aria-expanded', String(!open));
  if (open) return row.nextSibling.remove();
  const cells = rows[index];
  const place = placeOf(index);
  const list = element('dl');
  columns.forEach((column, position) => {
    const isTold = column.place === 'detail' || (column.place === 'item' && !place);
    if (!isTold || !cells[position]) return;
    const pair = element('div');
    pair.append(element('dt', '', column.label), element('dd', '', cells[position]));
    list.append(pair);
  });
  const cell = element('td');
  cell.colSpan = row.cells.length;
  if (place) cell.append(place, list);
  else cell.append(list, ...(items ? [hintOf(cells)] : []));
  const detail = element('tr', 'detail');
  detail.append(cell);
  row.after(detail);
}

// The whole row opens, but for its button, which does so itself, and for text that is being marked.
body.onclick = (event) => {
  const row = event.target.closest('#table > tbody > tr');
  if (event.target.closest('button, .detail') || !getSelection().isCollapsed) return;
  row?.querySelector('.open')?.click();
};

const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

function draw(first, rowsMax) {
  const shown = found.slice(first, first + rowsMax);
  body.replaceChildren(...shown.map(rowOf));
  if (shown.length === 0) {
    const cell = element('td', 'none', 'No discrepancy fits these filters. ');
    const clear = element('button', '', 'Clear the filters');
    clear.type = 'button';
    clear.onclick = () => filters.reset();
    cell.colSpan = 99;
    cell.append(clear);
    const row = element('tr', 'detail');
    row.append(cell);
    body.append(row);
  }
  const place =
    shown.length === 0 ? '' : `${count(first + 1)}–${count(first + shown.length)} of ${count(found.length)}`;
  byId('place').textContent = place;
  byId('found').textContent =
    found.length === rows.length ? '' : `${count(found.length)} of ${count(rows.length)} fit the filters.`;
  byId('previous').disabled = first === 0;
  byId('next').disabled = first + rowsMax >= found.length;
  byId('pages').hidden = found.length <= PAGE_ROWS;
  for (const head of table.tHead.rows[0].cells) {
    if (head.dataset.key === view.sort) head.setAttribute('aria-sort', view.descending ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  }
  byId('sort').value = view.sort;
}

function show(changes) {
  Object.assign(view, changes);
  if (!('page' in changes)) {
    view.page = 0;
    find();
  }
  draw(view.page * PAGE_ROWS, PAGE_ROWS);
}

// A first click sorts numbers from the largest and text from A; a second turns it round.
function sortBy(key) {
  const fromLargest = columns[at[key]].kind !== 'text' && key !== 'rank';
  show({ sort: key, descending: view.sort === key ? !view.descending : fromLargest });
}

for (const label of filters.querySelectorAll('[data-filter]')) {
  const name = label.dataset.filter;
  const select = label.querySelector('select');
  const values = [...new Set(rows.map(readers[name]))].sort();
  label.hidden = values.length < 2;
  select.append(new Option('All', ''), ...values.filter(Boolean).map((value) => new Option(value, value)));
  select.onchange = () => show({ [name]: select.value });
}
for (const head of table.tHead.rows[0].cells) {
  const button = element('button', 'sorter', head.textContent);
  button.type = 'button';
  button.onclick = () => sortBy(head.dataset.key);
  head.replaceChildren(button);
}
byId('sort').append(
  ...columns
    .filter((column) => column.place === 'row')
    .map((column) => new Option(column.key === 'rank' ? 'Rank' : column.label, column.key)),
);
byId('sort').onchange = (event) => {
  view.sort = '';
  sortBy(event.target.value);
};
byId('search').oninput = (event) => show({ search: event.target.value });
filters.onsubmit = (event) => event.preventDefault();
filters.onreset = () => show(NO_FILTER);
for (const button of document.querySelectorAll('[data-finding]')) {
  const { finding } = button.dataset;
  if (!rows.some((cells) => readers.finding(cells) === finding)) continue;
  button.hidden = false;
  button.onclick = () => {
    filters.reset();
    filters.querySelector('[data-filter=finding] select').value = finding;
    show({ finding });
    byId('discrepancies').scrollIntoView({ block: 'start' });
  };
}
byId('previous').onclick = () => turn(-1);
byId('next').onclick = () => turn(1);
function turn(step) {
  show({ page: view.page + step });
  table.scrollIntoView({ block: 'start' });
}
addEventListener('keydown', (event) => {
  if (event.key !== '/' || /INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  byId('search').focus();
});

// Each place once, though several of its lines open it.
function openFirst(most) {
  const seen = new Set();
  const buttons = [...body.querySelectorAll('.open')];
  for (const [position, button] of buttons.entries()) {
    const place = readItems()?.lines[found[position]];
    if (seen.size === most || place === undefined || seen.has(place)) continue;
    seen.add(place);
    button.click();
  }
}

addEventListener('beforeprint', () => {
  draw(0, PRINT_ROWS);
  openFirst(PRINT_ITEMS);
  if (found.length > PRINT_ROWS)
    byId('found').textContent = `Printed: the first ${PRINT_ROWS} of ${count(found.length)}.`;
  for (const each of document.querySelectorAll('details')) each.open = true;
});
addEventListener('afterprint', () => {
  for (const each of document.querySelectorAll('details')) each.open = false;
  show({ page: view.page });
});

filters.hidden = false;
show({});
