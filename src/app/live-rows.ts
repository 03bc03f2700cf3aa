/** Reads rows of the journal as what they do to keys, by the rules that hold now. Never decides what they mean together. */
import type { Configuration } from '../contract/configuration.ts';
import type { Message } from '../core/compare/ledger-evidence.ts';
import { type LivePosting, liveMessage, livePosting } from '../core/live/live-evidence.ts';
import { MessageReader } from '../core/normalize/normalize-message.ts';
import { PostingReader } from '../core/normalize/normalize-posting.ts';
import type { Plan } from '../core/normalize/plan.ts';
import type { IntakeRow } from '../store/work/intake.ts';

export class LiveRows {
  private readonly configuration: Configuration;
  private readonly plan: Plan;
  private readonly texts = new Map<string, string>();
  private readonly postings = new Map<string, PostingReader | undefined>();
  private readonly messages: MessageReader;

  constructor(configuration: Configuration, plan: Plan) {
    this.configuration = configuration;
    this.plan = plan;
    this.messages = new MessageReader({}, {}, '', plan);
  }

  /** undefined where it counts for nothing, or the configuration cannot read it any more. */
  posting(row: IntakeRow): LivePosting | undefined {
    const outcome = this.readerOf(row.system)?.read(JSON.parse(row.document), row.line);
    return outcome?.kind === 'taken' ? livePosting(outcome.value, row.received_at) : undefined;
  }

  message(row: IntakeRow): Message | undefined {
    const { kept } = this.messages.read(JSON.parse(row.document), row.line);
    return kept === undefined ? undefined : liveMessage(kept, row.received_at);
  }

  private readerOf(system: string): PostingReader | undefined {
    if (!this.postings.has(system)) this.postings.set(system, this.openReader(system));
    return this.postings.get(system);
  }

  private openReader(system: string): PostingReader | undefined {
    const role = this.configuration.systems[system]?.role;
    if (role === undefined) return undefined;
    return new PostingReader({ system, role, numberFormat: {}, constants: {} }, {}, '', this.plan, this.texts);
  }
}
