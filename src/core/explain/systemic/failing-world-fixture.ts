/** Makes days of documents of which some fail, for the tests of findings. Never judges them. */
import type { CauseCode } from '../cause-code.ts';
import { FactorCounts, type Population } from './factor-counts.ts';
import { type FindingLine, type FindingResult, findFindings } from './find-findings.ts';

/** What documents have; each value may depend on the document's number. */
export interface DocumentTraits {
  readonly type?: string;
  readonly interfaceName?: string;
  readonly site?: string;
  readonly user?: string;
  readonly family?: string;
  readonly batch?: string;
  readonly status?: string;
  readonly error?: string;
}

/** 21 November 2026, midnight UTC, plus hours. */
export const hour = (hours: number): number => Date.UTC(2026, 10, 21) + hours * 3_600_000;

export class FailingWorld {
  readonly counts = new FactorCounts();
  readonly lines: FindingLine[] = [];
  private documents = 0;

  /** Documents spread evenly over some hours. `cause`: what goes wrong with each; undefined: nothing. */
  add(count: number, from: number, to: number, traits: DocumentTraits, cause?: CauseCode): this {
    for (let index = 0; index < count; index++)
      this.addOne(hour(from + ((to - from) * (index + 0.5)) / count), traits, cause);
    return this;
  }

  addOne(at: number, traits: DocumentTraits, cause?: CauseCode): void {
    const name = `D${++this.documents}`;
    const item = `I${this.documents % 50}`;
    const { type = 'shipment', interfaceName = '945', site = 'DC1', user = 'RFC', family = 'tools' } = traits;
    const { batch = '', status = 'AVAILABLE', error = '' } = traits;
    const row = {
      document: name,
      item,
      at,
      interface: '',
      type,
      site,
      user,
      family,
      batch,
      status,
      file: 'ledger.csv',
    };
    for (const book of ['wms', 'erp'] as const) this.counts.countDocument(book, row);
    this.counts.countDocument('messages', {
      ...row,
      user: '',
      status: '',
      interface: interfaceName,
      file: 'messages.csv',
    });
    if (cause === undefined) return;
    this.lines.push({
      key: { site, item, owner: '', lot: '', category: 0 },
      family,
      value: 500n,
      impact: 0n,
      contribution: {
        ...{ cause, quantity: -5, confidence: 0.98, side: 'erp', at, document: name, action: '' },
        factors: { interfaceName, batch, file: 'ledger.csv', user, type, status, error },
        proofs: [{ kind: 'wms-movement', id: `T${name}`, reference: name, source: undefined, says: '' }],
      },
    });
  }

  /** Only counts, over two days: packs, or items. */
  count(population: Population, count: number, traits: DocumentTraits): this {
    for (let index = 0; index < count; index++) {
      const { site = 'DC1', family = 'tools', type = '' } = traits;
      const row = {
        document: `C${++this.documents}`,
        item: `I${this.documents}`,
        at: hour((48 * index) / count),
        interface: '',
        type,
        site,
      };
      this.counts.countDocument(population, { ...row, user: '', family, batch: '', status: '', file: '' });
    }
    return this;
  }

  find(): FindingResult {
    return findFindings(this.lines, this.counts, 'UTC');
  }
}
