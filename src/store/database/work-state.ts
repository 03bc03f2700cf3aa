/**
 * The tables of the work state as queries see them; migrations/ says what each row means. Never describes results of runs:
 * those are files.
 */
import type { ColumnType } from 'kysely';
import type { ChannelKind, NotifyMessage } from '../../contract/notification.ts';
import type { Topic } from '../../core/notify/notify-rule.ts';

/** A column that the table fills in where an insert leaves it out. */
type Filled<T> = ColumnType<T, T | undefined, T>;

export interface WorkState {
  counters: { name: string; value: number };
  people: PeopleTable;
  sessions: SessionsTable;
  identities: { issuer: string; subject: string; person_id: string; linked_at: number };
  oidc_sign_ins: OidcSignInsTable;
  api_keys: ApiKeysTable;
  setup_tokens: { secret_hash: string; created_at: number; expires_at: number; used_at: Filled<number | null> };
  login_failures: { subject: string; failures: number; last_at: number };
  jobs: JobsTable;
  runs: RunsTable;
  schedules: SchedulesTable;
  schedule_slots: ScheduleSlotsTable;
  imports: ImportsTable;
  watched_files: WatchedFilesTable;
  idempotency_keys: IdempotencyKeysTable;
  events: { number: number; at: number; kind: string; site: string | null; document: string };
  audit: AuditTable;
  mapping_versions: MappingVersionsTable;
  intake_rows: IntakeRowsTable;
  intake_hashes: { content_hash: string; received_at: number };
  intake_feeds: { kind: IntakeKind; name: string; rows: number; first_at: number; last_at: number };
  intake_parts: IntakePartsTable;
  views: ViewsTable;
  live_generations: LiveGenerationsTable;
  live_keeper: { name: string; worker: string; lease_until: number };
  live_lines: LiveLinesTable;
  live_dues: { generation: number; kind: 'item' | 'message'; name: string; due_at: number };
  alerts: AlertsTable;
  notification_channels: NotificationChannelsTable;
  notification_rules: NotificationRulesTable;
  notification_pending: { rule_id: string; topic: Topic; subject: string; size: number; document: string; at: number };
  notification_told: { rule_id: string; subject: string; size: number; told_at: number; gone_at: number | null };
  notification_deliveries: NotificationDeliveriesTable;
}

export type Role = 'viewer' | 'analyst' | 'approver' | 'administrator';

interface PeopleTable {
  id: string;
  login: string;
  name: string;
  email: string | null;
  subject: string | null;
  password_hash: string | null;
  role: Role;
  sites: string | null;
  is_enabled: Filled<number>;
  version: Filled<number>;
  created_at: number;
}

interface SessionsTable {
  secret_hash: string;
  person_id: string;
  csrf_token: string;
  address: string;
  created_at: number;
  seen_at: number;
  expires_at: number;
}

interface OidcSignInsTable {
  secret_hash: string;
  issuer: string;
  redirect_uri: string;
  return_to: string;
  person_id: string | null;
  session_hash: string | null;
  expires_at: number;
}

interface ApiKeysTable {
  id: string;
  name: string;
  prefix: string;
  secret_hash: string;
  role: Role;
  sites: string | null;
  created_by: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: Filled<number | null>;
  revoked_at: Filled<number | null>;
  version: Filled<number>;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

interface JobsTable {
  id: string;
  kind: string;
  payload: string;
  state: JobState;
  dedupe_key: string | null;
  run_at: number;
  attempts: Filled<number>;
  attempts_max: number;
  lease_token: Filled<number>;
  lease_until: Filled<number | null>;
  worker: Filled<string | null>;
  progress: Filled<string | null>;
  result: Filled<string | null>;
  failure: Filled<string | null>;
  requested_by: string;
  created_at: number;
  started_at: Filled<number | null>;
  finished_at: Filled<number | null>;
  cancel_requested_at: Filled<number | null>;
}

export type RunState = 'queued' | 'running' | 'complete' | 'refused' | 'failed' | 'cancelled';
export type RunCause = 'request' | 'schedule' | 'arrival' | 'catch-up' | 'command-line';

interface RunsTable {
  id: string;
  job_id: string | null;
  state: RunState;
  cause: RunCause;
  schedule_id: string | null;
  slot_at: number | null;
  requested_by: string;
  created_at: number;
  started_at: Filled<number | null>;
  finished_at: Filled<number | null>;
  mapping_version: Filled<number | null>;
  summary: Filled<string | null>;
  failure: Filled<string | null>;
}

interface SchedulesTable {
  id: string;
  name: string;
  document: string;
  is_enabled: number;
  version: Filled<number>;
  created_at: number;
  updated_at: number;
  considered_until: number;
}

interface ScheduleSlotsTable {
  schedule_id: string;
  slot_at: number;
  decision: 'run' | 'blackout' | 'missed';
  job_id: string | null;
  decided_at: number;
}

export type ImportState = 'accepted' | 'held' | 'refused' | 'removed';

interface ImportsTable {
  id: string;
  kind: string;
  system: string;
  source: string;
  file_name: string;
  sha256: string;
  bytes: number;
  rows: number | null;
  rejected: number | null;
  as_of: number | null;
  state: ImportState;
  failure: Filled<string | null>;
  path: string | null;
  received_by: string;
  received_at: number;
}

export type WatchedState = 'passed' | 'imported' | 'held' | 'refused';

interface WatchedFilesTable {
  source: string;
  path: string;
  bytes: number;
  modified_ms: string;
  state: WatchedState;
  import_id: string | null;
  reason: string | null;
  decided_at: number;
}

interface IdempotencyKeysTable {
  principal: string;
  idempotency_key: string;
  request_hash: string;
  status: Filled<number | null>;
  response: Filled<string | null>;
  created_at: number;
  expires_at: Filled<number | null>;
}

interface AuditTable {
  number: number;
  at: number;
  actor: string;
  action: string;
  entity: string;
  entity_id: string;
  before_document: string | null;
  after_document: string | null;
  request_id: string | null;
  previous_hash: string;
  hash: string;
}

interface MappingVersionsTable {
  version: number;
  origin: 'file' | 'edit' | 'roll-back';
  document: string;
  author: string;
  reason: string;
  created_at: number;
}

export type IntakeKind = 'movements' | 'messages';

interface IntakeRowsTable {
  batch: number;
  line: number;
  kind: IntakeKind;
  system: string;
  at: number;
  site: string;
  item: string;
  message_id: string;
  reference: string;
  state: string;
  document: string;
  received_at: number;
}

interface IntakePartsTable {
  path: string;
  kind: IntakeKind;
  system: string;
  first_batch: number;
  last_batch: number;
  rows: number;
  bytes: number;
  from_at: number;
  to_at: number;
  written_at: number;
}

interface LiveGenerationsTable {
  generation: number;
  is_current: number;
  run_id: string;
  basis: string;
  fed: string;
  horizon: number;
  batch: number;
  as_of: number;
  created_at: number;
}

export type LiveLineState = 'discrepancy' | 'timing';

interface LiveLinesTable {
  generation: number;
  item: string;
  site: string;
  owner: string;
  lot: string;
  category: string;
  state: LiveLineState;
  value_size: number;
  document: string;
  opened_at: number;
  changed_at: number;
}

export type AlertKind = 'late-message' | 'silent-feed';

interface AlertsTable {
  id: string;
  kind: AlertKind;
  subject: string;
  open_subject: string | null;
  site: string;
  item: string;
  document: string;
  opened_at: number;
  closed_at: Filled<number | null>;
}

interface ViewsTable {
  id: string;
  /** As in the audit trail: `person:<id>` or `key:<id>`. */
  owner: string;
  page: string;
  name: string;
  query: string;
  columns: string;
  is_shared: number;
  version: number;
  created_at: number;
  updated_at: number;
}
interface NotificationChannelsTable {
  id: string;
  name: string;
  kind: ChannelKind;
  settings: string;
  secret: string | null;
  is_enabled: number;
  version: Filled<number>;
  created_at: number;
  updated_at: number;
}

interface NotificationRulesTable {
  id: string;
  name: string;
  document: string;
  is_enabled: number;
  version: Filled<number>;
  created_at: number;
  updated_at: number;
}

export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'dead';

interface NotificationDeliveriesTable {
  id: string;
  rule_id: string;
  rule_name: string;
  channel_id: string;
  channel_name: string;
  topic: NotifyMessage['topic'];
  message: string;
  state: DeliveryState;
  attempts: Filled<number>;
  next_at: number;
  lease_token: Filled<number>;
  lease_until: Filled<number | null>;
  answer: Filled<string | null>;
  created_at: number;
  finished_at: Filled<number | null>;
}
