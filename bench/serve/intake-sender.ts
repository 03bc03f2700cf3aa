/**
 * Sends movements of both sides to a server, and asks how long one movement takes to show as a discrepancy. A process of its
 * own, so that what it costs is not the server's.
 */

export interface SenderOrder {
  readonly address: string;
  readonly secret: string;
  readonly seconds: number;
  readonly items: number;
  /** Rows a second; 0: as many as are taken. */
  readonly rate: number;
}

export interface SenderResult {
  readonly seconds: number;
  readonly rows: number;
  readonly rows_per_second: number;
  readonly batch_ms_p50: number;
  readonly batch_ms_p99: number;
  readonly shown_ms_p50: number;
  readonly shown_ms_max: number;
  readonly probes: number;
  readonly pending_batches_at_end: number;
}

const BATCH_ROWS = 1_000;
const SENDERS = 2;
const PROBE_MS = 1_000;
const POLL_MS = 50;

process.once('message', async (order: SenderOrder) => {
  const result = await new Sender(order).run();
  process.send?.(result, () => process.exit(0));
});

class Sender {
  private readonly order: SenderOrder;
  private readonly batchMs: number[] = [];
  private readonly shownMs: number[] = [];
  private rows = 0;
  private next = 0;
  private ends = 0;

  constructor(order: SenderOrder) {
    this.order = order;
  }

  async run(): Promise<SenderResult> {
    const began = Date.now();
    this.ends = began + this.order.seconds * 1000;
    await Promise.all([...Array.from({ length: SENDERS }, (_, index) => this.send(index)), this.probe()]);
    const seconds = (Date.now() - began) / 1000;
    const { pending_batches: pending } = await this.discrepancies('none');
    const at = (values: number[], share: number): number =>
      values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
    return {
      ...{ seconds: Math.round(seconds), rows: this.rows, rows_per_second: Math.round(this.rows / seconds) },
      ...{ batch_ms_p50: at(this.batchMs, 0.5), batch_ms_p99: at(this.batchMs, 0.99) },
      ...{ shown_ms_p50: at(this.shownMs, 0.5), shown_ms_max: at(this.shownMs, 1), probes: this.shownMs.length },
      pending_batches_at_end: pending,
    };
  }

  /** Movements of the WMS, each with its posting by the ERP. */
  private async send(index: number): Promise<void> {
    const { rate, items } = this.order;
    const pauseMs = rate === 0 ? 0 : (BATCH_ROWS * SENDERS * 1000) / rate;
    for (let due = Date.now(); Date.now() < this.ends; due += pauseMs) {
      if (due > Date.now()) await pause(due - Date.now());
      const side =
        index % 2 === 0 ? { system: 'wms1', status: 'AVAILABLE' } : { system: 'sap', status: 'UNRESTRICTED' };
      const rows = Array.from({ length: BATCH_ROWS }, () => this.row(side.status, `I${this.next % items}`));
      const began = Date.now();
      const taken = await this.post(side.system, rows);
      this.batchMs.push(Date.now() - began);
      this.rows += taken;
    }
  }

  private row(status: string, item: string): object {
    const id = `${++this.next}`;
    const posted_at = new Date().toISOString();
    return {
      movement_id: id,
      posted_at,
      site: 'DC1',
      item,
      status,
      quantity: -1,
      reference: `D${id}`,
      type: 'shipment',
    };
  }

  /** A movement without a posting shows as timing, for a key of its own. */
  private async probe(): Promise<void> {
    for (let count = 0; Date.now() < this.ends; count++) {
      const item = `PROBE-${count}`;
      const began = Date.now();
      await this.post('wms1', [this.row('AVAILABLE', item)]);
      while ((await this.discrepancies(item)).items.length === 0) await pause(POLL_MS);
      this.shownMs.push(Date.now() - began);
      await pause(PROBE_MS);
    }
  }

  private async post(system: string, rows: readonly object[]): Promise<number> {
    const body = rows.map((row) => JSON.stringify(row)).join('\n');
    const headers = { ...this.headers(), 'content-type': 'application/x-ndjson' };
    const answer = await fetch(`${this.order.address}/api/v1/movements?system=${system}`, {
      method: 'POST',
      headers,
      body,
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { taken: number }).taken;
  }

  private async discrepancies(item: string): Promise<{ items: unknown[]; pending_batches: number }> {
    const url = `${this.order.address}/api/v1/discrepancies?state=timing&item=${item}`;
    const answer = await fetch(url, { headers: this.headers() });
    return (await answer.json()) as { items: unknown[]; pending_batches: number };
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.order.secret}` };
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
