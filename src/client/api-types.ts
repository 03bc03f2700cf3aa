// What the API takes and gives. Generated from schema/openapi.json; do not edit.

/** A body that is read as it arrives. */
export interface Upload<T extends string> {
  readonly type: T;
  readonly content: string | Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
}

export type Alert = {
  readonly id: string;
  readonly kind: 'late-message' | 'silent-feed';
  /** empty: of all sites, or not known */
  readonly site: string;
  readonly item: string;
  readonly opened_at: string;
  readonly closed_at: string | null;
  /** what it is about: the message or the feed */
  readonly about: Readonly<Record<string, string>>;
};

export type ApiKey = {
  readonly id: string;
  readonly name: string;
  /** how its secret begins */
  readonly prefix: string;
  /** each includes the ones before it */
  readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
  /** null: all sites */
  readonly sites: readonly string[] | null;
  readonly created_by: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  /** to the minute */
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
};

export type AuditEntry = {
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly entity: string;
  readonly entity_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly request_id: string | null;
  readonly previous_hash: string;
  readonly hash: string;
};

export type Discrepancy = {
  readonly rank: string;
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: string;
  readonly description: string;
  readonly erp_quantity: string;
  readonly wms_quantity: string;
  readonly variance_quantity: string;
  readonly in_flight_quantity: string;
  readonly net_variance_quantity: string;
  readonly uom: string;
  readonly unit_cost: string;
  readonly variance_value: string;
  readonly currency: string;
  readonly direction: string;
  readonly cause: string;
  readonly cause_confidence: string;
  readonly explained_quantity: string;
  readonly unexplained_quantity: string;
  readonly correct_side: string;
  readonly action: string;
  readonly impact_value: string;
  readonly priority: string;
  readonly finding_id: string;
  readonly first_seen: string;
  readonly days_out_of_sync: string;
  readonly case_id: string;
  /** the side that holds no row of the key */
  readonly absent_from: '' | 'erp' | 'wms';
};

export type Import = {
  readonly id: string;
  readonly kind: string;
  /** empty: not of one system */
  readonly system: string;
  readonly source: string;
  readonly file_name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number | null;
  readonly rejected: number | null;
  /** the cut-off of a snapshot */
  readonly as_of: string | null;
  readonly state: 'accepted' | 'held' | 'refused' | 'removed';
  /** why it is held or refused */
  readonly failure: string | null;
  readonly received_by: string;
  readonly received_at: string;
};

export type IntakeRow = {
  readonly batch: number;
  readonly line: number;
  readonly system: string;
  /** by its common name */
  readonly site: string;
  /** by its common code */
  readonly item: string;
  readonly received_at: string;
  /** the canonical columns that are not blank */
  readonly row: Readonly<Record<string, string>>;
};

export type Interface = {
  /** as messages name it; empty: they name none */
  readonly interface: string;
  readonly messages: number;
  /** lines of messages, each once however often its states were logged */
  readonly lines: number;
  readonly applied: number;
  /** refused by the receiver, and not applied later */
  readonly rejected: number;
  /** on their way, within the lag that is allowed */
  readonly open: number;
  /** neither applied nor rejected although the allowed lag has passed */
  readonly late: number;
  /** another message took their place */
  readonly superseded: number;
  /** applications beyond the first one of a line */
  readonly duplicates: number;
  readonly lag: {
    readonly median_seconds: number | null;
    readonly p95_seconds: number | null;
    readonly max_seconds: number | null;
    readonly allowed_seconds: number;
  };
  /** the commonest reasons of rejections */
  readonly errors: readonly {
    readonly error: string;
    readonly lines: number;
    readonly last_at: string;
  }[];
  readonly first_seen: string;
  /** when its last message was sent */
  readonly last_seen: string;
  /** hour by hour from `heartbeat_from` on, by when lines were sent first */
  readonly heartbeat: {
    readonly lines: readonly number[];
    readonly rejected: readonly number[];
    readonly late: readonly number[];
  };
  readonly silence: {
    /** since the last message; of a log up to the cut-off, of what is taken in up to now */
    readonly seconds: number;
    /** null: the configuration sets none */
    readonly limit_seconds: number | null;
    readonly is_silent: boolean;
    /** the open alert about it */
    readonly alert_id: string | null;
  };
  /** discrepancies of the findings that have the interface as their common factor; null: some sites only */
  readonly explained: {
    readonly findings: readonly string[];
    readonly discrepancies: number;
    readonly gross_variance_quantity: string;
    readonly gross_variance_value: string;
    readonly impact_value: string;
  } | null;
};

export type LineSums = {
  readonly discrepancies: number;
  readonly gross_variance_quantity: string;
  readonly net_variance_quantity: string;
  readonly gross_variance_value: string;
  readonly net_variance_value: string;
  readonly erp_overstated_value: string;
  readonly erp_understated_value: string;
  readonly unvalued: number;
};

export type LiveDiscrepancy = {
  readonly state: 'discrepancy' | 'timing';
  readonly site: string;
  readonly item: string;
  readonly owner: string;
  readonly lot: string;
  readonly category: string;
  readonly description: string;
  /** a decimal; empty where it is not known */
  readonly erp_quantity: string;
  /** a decimal; empty where it is not known */
  readonly wms_quantity: string;
  /** a decimal; empty where it is not known */
  readonly variance_quantity: string;
  /** a decimal; empty where it is not known */
  readonly in_flight_quantity: string;
  /** a decimal; empty where it is not known */
  readonly net_variance_quantity: string;
  readonly uom: string;
  /** a decimal; empty where it is not known */
  readonly unit_cost: string;
  /** a decimal; empty where it is not known */
  readonly variance_value: string;
  readonly currency: string;
  readonly direction: 'erp-overstated' | 'erp-understated' | '';
  readonly absent_from: 'erp' | 'wms' | '';
  /** since when the key is out of sync, as seen live */
  readonly opened_at: string;
  readonly changed_at: string;
};

export type MappingVersion = {
  readonly version: number;
  readonly origin: 'file' | 'edit' | 'roll-back';
  readonly author: string;
  readonly reason: string;
  readonly created_at: string;
  readonly document: {
    readonly categories: Readonly<Record<string, unknown>>;
    readonly ignore: readonly unknown[];
  };
};

export type NotificationChannel = {
  readonly id: string;
  readonly name: string;
  readonly about: {
    readonly kind: 'email' | 'slack' | 'teams' | 'webhook';
    readonly settings: Readonly<Record<string, unknown>>;
  };
  /** the variable that holds the secret; sealed where it is kept by the server; null: there is none */
  readonly secret_from: string | null;
  readonly is_enabled: boolean;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export type NotificationDelivery = {
  /** receivers see it in each attempt */
  readonly id: string;
  readonly rule_id: string;
  readonly rule_name: string;
  readonly channel_id: string;
  readonly channel_name: string;
  readonly event: string;
  readonly subject: string;
  /** waiting: for its first or next attempt; dead: given up, see answer */
  readonly state: 'waiting' | 'sending' | 'delivered' | 'dead';
  readonly attempts: number;
  /** what the receiver said last, or why there was no answer; null: not sent yet */
  readonly answer: string | null;
  readonly created_at: string;
  /** null: there is none */
  readonly next_attempt_at: string | null;
  readonly finished_at: string | null;
};

export type NotificationRule = {
  readonly id: string;
  readonly name: string;
  /** as it was sent, with what was left out filled in */
  readonly document: Readonly<Record<string, unknown>>;
  readonly is_enabled: boolean;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export type OidcLink = {
  /** of the provider: where the browser goes next */
  readonly url: string;
};

export type Person = {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
  /** each includes the ones before it */
  readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
  /** null: all sites */
  readonly sites: readonly string[] | null;
  readonly is_enabled: boolean;
  readonly has_password: boolean;
  readonly created_at: string;
  readonly version: number;
};

export type Problem = {
  /** names the kind of problem: urn:evenstock:problem:<code> */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** what was found */
  readonly detail: string;
  /** stable name, such as VERSION_STALE */
  readonly code: string;
  /** what to do */
  readonly action?: string;
  /** also in the header x-request-id and in the log */
  readonly request_id: string;
  /** places of the request that are wrong */
  readonly errors?: readonly {
    readonly path: string;
    readonly message: string;
  }[];
};

export type Run = {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'complete' | 'refused' | 'failed' | 'cancelled';
  readonly cause: 'request' | 'schedule' | 'arrival' | 'catch-up' | 'command-line';
  readonly schedule_id: string | null;
  readonly slot_at: string | null;
  readonly requested_by: string;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly filters: {
    readonly site: readonly string[];
    readonly item: readonly string[];
  };
  readonly force: {
    readonly by: string;
    readonly reason: string;
  } | null;
  readonly progress: {
    readonly stage: string;
    readonly done: number;
    readonly total: number;
    readonly ms_left: number | null;
  } | null;
  readonly is_cancel_requested: boolean;
  /** run.json without its lists; null until it has ended, and for who does not see all its sites */
  readonly summary: unknown | null;
  readonly failure: {
    readonly code: string;
    readonly message: string;
    readonly action: string;
  } | null;
};

export type RunMessage = {
  /** empty: it was taken in row by row */
  readonly source: string;
  /** empty: it is in no file yet */
  readonly file: string;
  /** as a spreadsheet counts */
  readonly row: number | null;
  /** of what was taken in, with its line */
  readonly batch: number | null;
  readonly line: number | null;
  readonly taken_in_at: string | null;
  /** by its common name; empty where the row names none */
  readonly site: string;
  /** by its common code */
  readonly item: string;
  readonly sent_at: string;
  readonly applied_at: string | null;
  /** the canonical columns that are not blank, as they were written */
  readonly message: Readonly<Record<string, string>>;
};

export type RunResult = {
  readonly run_id: string;
  readonly state: 'complete' | 'refused';
  readonly name: string;
  readonly currency: string;
  readonly started_at: string;
  readonly finished_at: string;
  readonly engine: string;
  readonly config_hash: string;
  readonly grain: readonly string[];
  /** the newest complete run before it of the same sites and items */
  readonly run_before: string | null;
  readonly filters: {
    readonly site: readonly string[];
    readonly item: readonly string[];
  };
  readonly forced: {
    readonly by: string;
    readonly reason: string;
  } | null;
  /** null for who sees some sites only: see by_site and visible */
  readonly totals: Readonly<Record<string, string | number>> | null;
  /** sums of the discrepancies that the caller sees */
  readonly visible: LineSums | null;
  readonly by_site: readonly Readonly<Record<string, string | number>>[];
  /** empty for who sees some sites only */
  readonly by_category: readonly Readonly<Record<string, string | number>>[];
  /** of the sites that have any and that the caller sees; null: the run was given no demand */
  readonly orders_at_risk:
    | readonly {
        readonly site: string;
        readonly items: number;
        /** Σ max(0, min(open orders, ERP) − WMS) of available stock of items that are off */
        readonly quantity: string;
        /** at unit cost, of the items that have one */
        readonly value: string;
        /** items without a unit cost */
        readonly unvalued: number;
      }[]
    | null;
  /** those with discrepancies that the caller sees */
  readonly findings: readonly {
    readonly id: string;
    readonly cause: string;
    readonly title: string;
    readonly [name: string]: unknown;
  }[];
  readonly inputs: readonly {
    readonly source: string;
    readonly kind: string;
    readonly [name: string]: unknown;
  }[];
  readonly quality: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly [name: string]: unknown;
  }[];
  readonly unmapped: readonly {
    readonly system: string;
    readonly status: string;
    readonly rows: number;
    readonly [name: string]: unknown;
  }[];
  /** as in run.json; null for who sees some sites only */
  readonly measures: unknown;
  readonly timings_ms: Readonly<Record<string, number>>;
};

export type SavedSource = {
  readonly name: string;
  readonly part:
    | 'opening'
    | 'balances'
    | 'movements'
    | 'messages'
    | 'items'
    | 'packs'
    | 'aliases'
    | 'sites'
    | 'demand'
    | 'promotions';
  readonly is_saved: boolean;
  /** of evenstock.yaml: lines that go begin with -, those that come with + */
  readonly diff: string;
};

export type Schedule = {
  readonly id: string;
  readonly name: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly is_enabled: boolean;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export type SentBalances = {
  readonly import_id: string;
  /** false: the same content was brought in before */
  readonly is_new: boolean;
  readonly state: 'accepted' | 'held' | 'refused' | 'removed';
  readonly rows: number | null;
  readonly rejected: number | null;
  readonly failure: string | null;
};

export type Session = {
  /** person:<id> or key:<id>, as the audit trail names it */
  readonly actor: string;
  /** each includes the ones before it */
  readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
  /** null: all sites */
  readonly sites: readonly string[] | null;
  /** null: a key */
  readonly person: Person | null;
  /** goes back in the header x-csrf-token of every write; null: a key needs none */
  readonly csrf_token: string | null;
};

export type SignInWays = {
  /** false: nobody can sign in yet; the server printed a one-use link */
  readonly is_set_up: boolean;
  /** POST /session takes a login and a password */
  readonly password: boolean;
  /** null: there is no identity provider */
  readonly oidc: {
    /** what the button says */
    readonly label: string;
    /** where the button leads: a page that a browser opens, no request of a script */
    readonly url: string;
  } | null;
};

export type SourceCheck = {
  readonly name: string;
  readonly part:
    | 'opening'
    | 'balances'
    | 'movements'
    | 'messages'
    | 'items'
    | 'packs'
    | 'aliases'
    | 'sites'
    | 'demand'
    | 'promotions';
  /** the newest one; null: none was found */
  readonly file: string | null;
  readonly bytes: number | null;
  readonly modified_at: string | null;
  readonly as_of: string | null;
  readonly columns: readonly {
    readonly canonical: string;
    readonly column: string;
  }[];
  readonly header: readonly string[];
  /** columns that have no meaning here */
  readonly unknown_columns: readonly string[];
  /** the first 20 */
  readonly rows: readonly {
    readonly row: number;
    /** as they stand in the file, in the order of header */
    readonly cells: readonly (string | null)[];
    /** as they are understood, by canonical name */
    readonly parsed: Readonly<Record<string, string>>;
    readonly outcome: 'accepted' | 'excluded' | 'rejected';
    readonly column: string;
    readonly value: string;
    /** why it is rejected */
    readonly reason: string;
  }[];
  /** the first 20 */
  readonly rejections: readonly {
    readonly row: number;
    /** as they stand in the file, in the order of header */
    readonly cells: readonly (string | null)[];
    /** as they are understood, by canonical name */
    readonly parsed: Readonly<Record<string, string>>;
    readonly outcome: 'accepted' | 'excluded' | 'rejected';
    readonly column: string;
    readonly value: string;
    /** why it is rejected */
    readonly reason: string;
  }[];
  /** of the first 5,000 rows */
  readonly counts: {
    readonly rows: number;
    readonly accepted: number;
    readonly excluded: number;
    readonly rejected: number;
  };
  /** why the file cannot be read as the settings say */
  readonly problem: {
    readonly code: string;
    readonly message: string;
    readonly action: string;
  } | null;
};

export type SourceDocument = {
  readonly run_id: string;
  readonly source: string;
  readonly kind: string;
  readonly system: string;
  readonly file: string;
  readonly format: string;
  /** of the file as the run read it */
  readonly sha256: string;
  /** changed, gone, unreadable: since the run read it */
  readonly state: 'as-read' | 'taken-in' | 'changed' | 'gone' | 'unreadable';
  /** the state in words */
  readonly message: string;
  readonly raw_header: string | null;
  readonly header: readonly string[];
  readonly columns: readonly {
    readonly canonical: string;
    readonly column: string;
  }[];
  readonly row: number | null;
  readonly rows: readonly {
    readonly row: number;
    readonly is_asked: boolean;
    /** the text of the record, of a row of Parquet what it is as JSON; null for a row of a sheet: it is its cells */
    readonly raw: string | null;
    /** in the order of header; empty where the record cannot be read */
    readonly cells: readonly (string | null)[];
    /** by canonical name, constants included, without blank ones */
    readonly parsed: Readonly<Record<string, string>>;
    readonly fault: string | null;
  }[];
};

export type SourcePreview = {
  /** given and proposed ones, to be changed and sent again, or saved */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly questions: readonly {
    readonly setting: string;
    readonly question: string;
  }[];
  readonly columns: readonly {
    readonly canonical: string;
    readonly column: string;
    readonly is_proposed: boolean;
  }[];
  /** columns that a source of this kind may have, and those that it must have */
  readonly canonical: {
    readonly known: readonly string[];
    readonly required: readonly string[];
  };
  readonly header: readonly string[];
  /** columns that have no meaning here */
  readonly unknown_columns: readonly string[];
  /** the first 20 */
  readonly rows: readonly {
    readonly row: number;
    /** as they stand in the file, in the order of header */
    readonly cells: readonly (string | null)[];
    /** as they are understood, by canonical name */
    readonly parsed: Readonly<Record<string, string>>;
    readonly outcome: 'accepted' | 'excluded' | 'rejected';
    readonly column: string;
    readonly value: string;
    /** why it is rejected */
    readonly reason: string;
  }[];
  /** the first 20 */
  readonly rejections: readonly {
    readonly row: number;
    /** as they stand in the file, in the order of header */
    readonly cells: readonly (string | null)[];
    /** as they are understood, by canonical name */
    readonly parsed: Readonly<Record<string, string>>;
    readonly outcome: 'accepted' | 'excluded' | 'rejected';
    readonly column: string;
    readonly value: string;
    /** why it is rejected */
    readonly reason: string;
  }[];
  /** of the first 5,000 rows */
  readonly counts: {
    readonly rows: number;
    readonly accepted: number;
    readonly excluded: number;
    readonly rejected: number;
  };
  /** why the file cannot be read as the settings say */
  readonly problem: {
    readonly code: string;
    readonly message: string;
    readonly action: string;
  } | null;
};

export type TakenIn = {
  readonly received: number;
  /** rows that are new, and committed */
  readonly taken: number;
  /** rows whose content was taken in before */
  readonly duplicates: number;
  readonly rejected: number;
  /** the first 1,000 */
  readonly rejections: readonly {
    /** the line, or the position in the array, from 1 */
    readonly line: number;
    readonly column: string;
    readonly value: string;
    readonly reason: string;
  }[];
};

export type View = {
  readonly id: string;
  readonly page: string;
  readonly name: string;
  readonly query: string;
  readonly columns: readonly string[];
  readonly is_shared: boolean;
  readonly is_mine: boolean;
  readonly owner: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export interface Operations {
  /** Whether the server lives */
  'GET /health': {
    readonly answer: {
      readonly status: 'ok';
      readonly version: string;
    };
  };
  /** Whether the server can serve: its store answers, its disk has room, its configuration is valid, it is not stopping */
  'GET /ready': {
    readonly answer: {
      readonly status: 'ready' | 'not-ready';
      readonly checks: readonly {
        readonly name: string;
        readonly is_ok: boolean;
        readonly detail?: string;
      }[];
    };
  };
  /** Metrics in the text format of Prometheus */
  'GET /metrics': { readonly answer: Response };
  /** Sign in; the answer sets the cookie of the session */
  'POST /session': {
    readonly body: {
      readonly login: string;
      readonly password: string;
    };
    readonly answer: Session;
  };
  /** Who sends this request, and what they may */
  'GET /session': { readonly answer: Session };
  /** Sign out */
  'DELETE /session': { readonly answer: undefined };
  /** Change one's own password; all other sessions of the person end */
  'PUT /session/password': {
    readonly body: {
      readonly current_password: string;
      readonly new_password: string;
    };
    readonly answer: Session;
  };
  /** Set up the first administrator with the token of the one-use link, and sign in */
  'POST /setup': {
    readonly body: {
      readonly token: string;
      /** what a person types to sign in; upper and lower case are the same */
      readonly login: string;
      readonly name: string;
      readonly password: string;
    };
    readonly answer: Session;
  };
  /** Sign in with the token of the link that `evenstock demo` prints; any other server refuses it */
  'POST /session/link': {
    readonly body: {
      readonly token: string;
    };
    readonly answer: Session;
  };
  /** Which ways of signing in there are */
  'GET /session/ways': { readonly answer: SignInWays };
  /** Sign in through the identity provider: sends the browser there */
  'GET /session/oidc': { readonly query?: { readonly return_to?: string }; readonly answer: undefined };
  /** Link an account of the identity provider to the person who is signed in */
  'POST /session/oidc': {
    readonly body: {
      /** path of the page that is shown afterwards, such as /runs?site=DC1 */
      readonly return_to?: string;
    };
    readonly answer: OidcLink;
  };
  /** Where the identity provider sends the browser back to: a page that leads on */
  'GET /session/oidc/callback': {
    readonly query?: { readonly state?: string; readonly code?: string; readonly error?: string };
    readonly answer: Response;
  };
  /** Names of the people and keys that runs, versions and imports are by */
  'GET /actors': {
    readonly answer: {
      readonly items: readonly {
        readonly actor: string;
        readonly name: string;
      }[];
    };
  };
  /** People who may sign in, by login */
  'GET /users': {
    readonly query?: { readonly limit?: number; readonly cursor?: string };
    readonly answer: {
      readonly items: readonly Person[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** Add a person */
  'POST /users': {
    readonly body: {
      /** what a person types to sign in; upper and lower case are the same */
      readonly login: string;
      readonly name: string;
      readonly email?: string | null;
      /** each includes the ones before it */
      readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
      /** null: all sites */
      readonly sites?: readonly string[] | null;
      readonly password: string;
    };
    readonly answer: Person;
  };
  /** One person */
  'GET /users/{id}': { readonly path: { readonly id: string }; readonly answer: Person };
  /** Change a person; a new password or disabling ends their sessions */
  'PATCH /users/{id}': {
    readonly path: { readonly id: string };
    readonly body: {
      readonly name?: string;
      readonly email?: string | null;
      /** each includes the ones before it */
      readonly role?: 'viewer' | 'analyst' | 'approver' | 'administrator';
      /** null: all sites */
      readonly sites?: readonly string[] | null;
      readonly is_enabled?: boolean;
      readonly password?: string;
    };
    readonly version: number;
    readonly answer: Person;
  };
  /** Keys of other systems, the oldest first */
  'GET /api-keys': {
    readonly query?: { readonly limit?: number; readonly cursor?: string };
    readonly answer: {
      readonly items: readonly ApiKey[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** Make a key; its secret is shown in this answer only */
  'POST /api-keys': {
    readonly body: {
      readonly name: string;
      /** each includes the ones before it */
      readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
      /** null: all sites */
      readonly sites?: readonly string[] | null;
      readonly expires_at?: string | null;
    };
    readonly answer: {
      readonly id: string;
      readonly name: string;
      /** how its secret begins */
      readonly prefix: string;
      /** each includes the ones before it */
      readonly role: 'viewer' | 'analyst' | 'approver' | 'administrator';
      /** null: all sites */
      readonly sites: readonly string[] | null;
      readonly created_by: string;
      readonly created_at: string;
      readonly expires_at: string | null;
      /** to the minute */
      readonly last_used_at: string | null;
      readonly revoked_at: string | null;
      /** shown this once: goes into Authorization: Bearer */
      readonly secret: string;
    };
  };
  /** Revoke a key: from now on it opens nothing */
  'DELETE /api-keys/{id}': { readonly path: { readonly id: string }; readonly answer: undefined };
  /** Ask for a run; its address says how far it is */
  'POST /runs': {
    readonly body?: {
      /** only these sites */
      readonly site?: readonly string[];
      /** only these items */
      readonly item?: readonly string[];
      /** accept what the quality gate refuses; approvers may */
      readonly force?: {
        readonly reason: string;
      };
    };
    readonly answer: Run;
  };
  /** Runs, the newest first */
  'GET /runs': {
    readonly query?: {
      readonly state?: string | readonly string[];
      readonly cause?: string | readonly string[];
      readonly schedule?: string;
      readonly limit?: number;
      readonly cursor?: string;
    };
    readonly answer: {
      readonly items: readonly Run[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** A run: how far it is, what came of it */
  'GET /runs/{id}': { readonly path: { readonly id: string }; readonly answer: Run };
  /** Ask a run to end; nothing of it is kept */
  'POST /runs/{id}/cancel': { readonly path: { readonly id: string }; readonly answer: Run };
  /** Discrepancies of a run, page by page */
  'GET /runs/{id}/discrepancies': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly site?: string | readonly string[];
      readonly category?: string | readonly string[];
      readonly cause?: string | readonly string[];
      readonly finding?: string | readonly string[];
      readonly direction?: string | readonly string[];
      readonly priority?: string | readonly string[];
      readonly age?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly min_value?: string;
      readonly first_seen?: string | readonly string[];
      readonly text?: string;
      readonly rank?: string | readonly string[];
      readonly change?: string | readonly string[];
      readonly since?: string;
      readonly sort?:
        | 'rank'
        | 'value'
        | 'units'
        | 'item'
        | 'site'
        | 'impact'
        | 'priority'
        | 'days_out_of_sync'
        | '-rank'
        | '-value'
        | '-units'
        | '-item'
        | '-site'
        | '-impact'
        | '-priority'
        | '-days_out_of_sync';
      readonly limit?: number;
      readonly cursor?: string;
      readonly offset?: number;
    };
    readonly answer: {
      readonly items: readonly Discrepancy[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
      /** of all lines that fit, on whichever page */
      readonly totals: LineSums;
    };
  };
  /** All discrepancies that fit, as a file */
  'GET /runs/{id}/discrepancies/export': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly site?: string | readonly string[];
      readonly category?: string | readonly string[];
      readonly cause?: string | readonly string[];
      readonly finding?: string | readonly string[];
      readonly direction?: string | readonly string[];
      readonly priority?: string | readonly string[];
      readonly age?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly min_value?: string;
      readonly first_seen?: string | readonly string[];
      readonly text?: string;
      readonly rank?: string | readonly string[];
      readonly change?: string | readonly string[];
      readonly since?: string;
      readonly sort?:
        | 'rank'
        | 'value'
        | 'units'
        | 'item'
        | 'site'
        | 'impact'
        | 'priority'
        | 'days_out_of_sync'
        | '-rank'
        | '-value'
        | '-units'
        | '-item'
        | '-site'
        | '-impact'
        | '-priority'
        | '-days_out_of_sync';
      readonly columns?: string | readonly string[];
      readonly format?: 'csv' | 'json' | 'xlsx';
    };
    readonly answer: Response;
  };
  /** Sums of the discrepancies by site, category, cause, finding, direction, priority, age or item */
  'GET /runs/{id}/groups': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly site?: string | readonly string[];
      readonly category?: string | readonly string[];
      readonly cause?: string | readonly string[];
      readonly finding?: string | readonly string[];
      readonly direction?: string | readonly string[];
      readonly priority?: string | readonly string[];
      readonly age?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly min_value?: string;
      readonly first_seen?: string | readonly string[];
      readonly text?: string;
      readonly rank?: string | readonly string[];
      readonly change?: string | readonly string[];
      readonly since?: string;
      readonly by?: 'site' | 'category' | 'cause' | 'finding' | 'direction' | 'priority' | 'age' | 'item';
      readonly limit?: number;
    };
    readonly answer: {
      readonly run_id: string;
      readonly currency: string;
      readonly groups: readonly {
        readonly group: string;
        readonly discrepancies: number;
        readonly gross_variance_quantity: string;
        readonly net_variance_quantity: string;
        readonly gross_variance_value: string;
        readonly net_variance_value: string;
        readonly erp_overstated_value: string;
        readonly erp_understated_value: string;
        readonly unvalued: number;
        /** share of the gross value of all groups, 0 to 1 */
        readonly value_share: string;
        /** of this group and those before it */
        readonly running_share: string;
      }[];
      /** groups that are not listed */
      readonly others: number;
    };
  };
  /** What is new, worse, better, the same and gone since another run */
  'GET /runs/{id}/comparison': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly site?: string | readonly string[];
      readonly category?: string | readonly string[];
      readonly cause?: string | readonly string[];
      readonly finding?: string | readonly string[];
      readonly direction?: string | readonly string[];
      readonly priority?: string | readonly string[];
      readonly age?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly min_value?: string;
      readonly first_seen?: string | readonly string[];
      readonly text?: string;
      readonly rank?: string | readonly string[];
      readonly since?: string;
    };
    readonly answer: {
      readonly run_id: string;
      readonly since: string;
      readonly currency: string;
      readonly new: LineSums;
      readonly worse: LineSums;
      readonly better: LineSums;
      readonly same: LineSums;
      /** lines of the earlier run; their sums are what they were there */
      readonly gone: LineSums;
    };
  };
  /** Everything that a run knows of one item: balances, both ledgers, messages, causes, what to do */
  'GET /items/{item}': {
    readonly path: { readonly item: string };
    readonly query?: { readonly run?: string; readonly site?: string; readonly lot?: string };
    readonly answer: {
      readonly schema: 1;
      readonly run_id: string;
      readonly item: string;
      readonly description: string;
      readonly gross_variance_value: string;
      readonly places: readonly {
        readonly site: string;
        readonly owner: string;
        readonly lot: string;
        readonly [name: string]: unknown;
      }[];
      /** what ties the text to the item; empty where it is its code */
      readonly how: string;
      readonly [name: string]: unknown;
    };
  };
  /** Where the item was out of step, run by run */
  'GET /items/{item}/history': {
    readonly path: { readonly item: string };
    readonly query?: { readonly runs?: number };
    readonly answer: {
      readonly item: string;
      readonly runs: readonly {
        readonly run_id: string;
        readonly cut_off: string;
        readonly lines: readonly {
          readonly site: string;
          readonly owner: string;
          readonly lot: string;
          readonly category: string;
          readonly net_variance_quantity: string;
          readonly variance_value: string;
          readonly cause: string;
        }[];
      }[];
    };
  };
  /** Measures of the runs over time */
  'GET /measures': {
    readonly query?: { readonly days?: number; readonly by?: 'day' | 'run'; readonly site?: string };
    readonly answer: {
      readonly schema: 1;
      readonly rows: readonly {
        readonly run_id: string;
        readonly cut_off: string;
        readonly [name: string]: unknown;
      }[];
      readonly [name: string]: unknown;
    };
  };
  /** Discrepancies of a period by site, category, cause or interface: age, time to resolve, recurrence */
  'GET /measures/groups': {
    readonly query: { readonly by: 'site' | 'category' | 'cause' | 'interface'; readonly days?: number };
    readonly answer: {
      readonly by: string;
      readonly currency: string;
      /** one for each day, the oldest first */
      readonly runs: readonly {
        readonly run_id: string;
        readonly cut_off: string;
      }[];
      readonly groups: readonly {
        readonly group: string;
        readonly discrepancies: number;
        readonly gross_variance_value: string;
        readonly sync_accuracy_keys: string;
        readonly ageing: {
          readonly '0-1': number;
          readonly '2-3': number;
          readonly '4-7': number;
          readonly '8-30': number;
          readonly 'over-30': number;
        };
        readonly resolved: number;
        readonly came_back: number;
        readonly recurrence_share: string;
        readonly days_to_resolve_mean: string;
        readonly days_to_resolve_median: string;
      }[];
      readonly definitions: Readonly<Record<string, string>>;
    };
  };
  /** Bring a file in; the same content is brought in once */
  'POST /imports/{kind}': {
    readonly path: { readonly kind: string };
    readonly query: {
      readonly file_name: string;
      readonly system?: string;
      readonly source?: string;
      readonly modified_at?: string;
      readonly sha256?: string;
    };
    readonly upload: Upload<
      | 'application/octet-stream'
      | 'text/csv'
      | 'text/tab-separated-values'
      | 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
      | 'application/vnd.apache.parquet'
    >;
    readonly answer: Import;
  };
  /** Files that were brought in, the newest first */
  'GET /imports': {
    readonly query?: {
      readonly source?: string;
      readonly state?: 'accepted' | 'held' | 'refused' | 'removed';
      readonly limit?: number;
      readonly cursor?: string;
    };
    readonly answer: {
      readonly items: readonly Import[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** A file that was brought in */
  'GET /imports/{id}': { readonly path: { readonly id: string }; readonly answer: Import };
  /** Let runs use a file that was held */
  'POST /imports/{id}/release': { readonly path: { readonly id: string }; readonly answer: Import };
  /** Rows of a file that a run would reject now, and why */
  'GET /imports/{id}/rejections': {
    readonly path: { readonly id: string };
    readonly query?: { readonly limit?: number; readonly cursor?: string };
    readonly answer: {
      readonly items: readonly {
        /** as a spreadsheet counts */
        readonly row: number;
        /** as the file names it */
        readonly column: string;
        readonly value: string;
        readonly reason: string;
        /** the row as it stands in the file, in the order of header */
        readonly cells: readonly (string | null)[];
      }[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
      readonly header: readonly string[];
    };
  };
  /** The same as CSV: the rows as they stand in the file with the reasons behind, to be corrected and sent again */
  'GET /imports/{id}/rejections.csv': { readonly path: { readonly id: string }; readonly answer: Response };
  /** Send movements of one system: an array or JSON Lines; contents that were sent before change nothing */
  'POST /movements': {
    readonly query: { readonly system: string; readonly strict?: 'true' | 'false' };
    readonly upload: Upload<'application/json' | 'application/x-ndjson'>;
    readonly answer: TakenIn;
  };
  /** Movements that were taken in, the newest first */
  'GET /movements': {
    readonly query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly site?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly reference?: string;
      readonly message_id?: string;
      readonly from?: string;
      readonly until?: string;
      readonly system?: string;
    };
    readonly answer: {
      readonly items: readonly IntakeRow[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** Send lines of messages and their states: an array or JSON Lines */
  'POST /messages': {
    readonly query?: { readonly strict?: 'true' | 'false' };
    readonly upload: Upload<'application/json' | 'application/x-ndjson'>;
    readonly answer: TakenIn;
  };
  /** Messages that were taken in, the newest first */
  'GET /messages': {
    readonly query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly site?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly reference?: string;
      readonly message_id?: string;
      readonly from?: string;
      readonly until?: string;
      readonly state?: string | readonly string[];
    };
    readonly answer: {
      readonly items: readonly IntakeRow[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** Send a snapshot of one system: an import of its balances */
  'POST /balances': {
    readonly query: { readonly system: string; readonly source?: string };
    readonly upload: Upload<'application/json' | 'application/x-ndjson'>;
    readonly answer: SentBalances;
  };
  /** Keys that are out of sync now: the last run carried forward by what arrived since, the highest value first */
  'GET /discrepancies': {
    readonly query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly state?: 'discrepancy' | 'timing';
      readonly site?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly category?: string | readonly string[];
      readonly min_value?: number;
    };
    readonly answer: {
      readonly items: readonly LiveDiscrepancy[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
      /** how many lines fit, on whichever page; of both states, whichever was asked for */
      readonly totals: {
        readonly discrepancies: number;
        readonly timing: number;
      };
      /** what is known of each system, and up to when; empty: there is no run yet */
      readonly systems: readonly {
        readonly system: string;
        /** movements of the system up to this moment are in its balances already */
        readonly snapshot_as_of: string;
        /** false: it is known as of its snapshot, and what others did since is on its way to it: timing */
        readonly sends_movements: boolean;
      }[];
      /** the run whose balances are carried forward; null: there is none yet */
      readonly run_id: string | null;
      /** the moment of which the lines speak */
      readonly as_of: string | null;
      /** batches that were taken in and are not counted in yet */
      readonly pending_batches: number;
    };
  };
  /** Messages past their lag and feeds that fell silent, the newest first */
  'GET /alerts': {
    readonly query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly state?: 'open' | 'closed' | 'all';
      readonly kind?: 'late-message' | 'silent-feed';
      readonly site?: string | readonly string[];
      readonly item?: string | readonly string[];
    };
    readonly answer: {
      readonly items: readonly Alert[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** What became of the messages of each interface: volume, lag, rejects, duplicates, silence */
  'GET /interfaces': {
    readonly query?: { readonly run?: string; readonly site?: string | readonly string[]; readonly hours?: number };
    readonly answer: {
      /** null: no run is complete yet */
      readonly run_id: string | null;
      readonly currency: string;
      /** null: there are no messages */
      readonly heartbeat_from: string | null;
      /** logs that the run read, without what was taken in */
      readonly files: readonly {
        readonly source: string;
        readonly file: string;
        /** what became of the file since the run read it */
        readonly state: 'as-read' | 'changed' | 'gone';
        readonly message: string;
      }[];
      /** rows that say no message, time or state, or whose values cannot be read */
      readonly unreadable_rows: number;
      /** silent ones first, then by what was late or rejected */
      readonly items: readonly Interface[];
    };
  };
  /** Messages of a run, those that were sent last first; of the newest run with what was taken in since */
  'GET /runs/{id}/messages': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly interface?: string | readonly string[];
      readonly state?: string | readonly string[];
      readonly site?: string | readonly string[];
      readonly item?: string | readonly string[];
      readonly reference?: string;
      readonly message_id?: string;
      readonly text?: string;
      readonly from?: string;
      readonly until?: string;
    };
    readonly answer: {
      readonly items: readonly RunMessage[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** A row of a file that a run read, or that was taken in: raw and parsed, with the rows around it */
  'GET /runs/{id}/document': {
    readonly path: { readonly id: string };
    readonly query?: {
      readonly file?: string;
      readonly source?: string;
      readonly row?: number;
      readonly around?: number;
      readonly kind?: 'movements' | 'messages';
      readonly batch?: number;
      readonly line?: number;
    };
    readonly answer: SourceDocument;
  };
  /** What a run found: totals, sites, categories, findings, inputs, quality */
  'GET /runs/{id}/result': { readonly path: { readonly id: string }; readonly answer: RunResult };
  /** Server-sent events: run.*, discrepancy.*, alert.*, schedule.*; `reset` where events were missed and are not kept any more */
  'GET /events': {
    readonly query?: {
      readonly kind?: string | readonly string[];
      readonly site?: string | readonly string[];
      readonly last_event_id?: number;
    };
    readonly answer: Response;
  };
  /** Schedules, by name */
  'GET /schedules': {
    readonly answer: {
      readonly items: readonly Schedule[];
    };
  };
  /** Add a schedule */
  'POST /schedules': {
    readonly body: {
      readonly name: string;
      readonly document: {
        /** IANA time zone of all its times */
        readonly time_zone: string;
        readonly times?: readonly (
          | {
              readonly daily: readonly string[];
            }
          | {
              readonly hourly: number;
              readonly from?: string;
              readonly to?: string;
            }
          | {
              readonly cron: string;
            }
        )[];
        /** a run once the snapshots of both sides of one cut-off are in */
        readonly arrival?: {
          readonly sides: 'both';
          /** how long a run waits for what else arrives */
          readonly wait?: string;
        };
        readonly calendar?: {
          /** only on these; all where not given */
          readonly weekdays?: readonly (
            | 'monday'
            | 'tuesday'
            | 'wednesday'
            | 'thursday'
            | 'friday'
            | 'saturday'
            | 'sunday'
          )[];
          /** not on these dates */
          readonly holidays?: readonly string[];
          /** on these dates all the same */
          readonly extra_days?: readonly string[];
        };
        /** `from` included, `to` not */
        readonly blackouts?: readonly (
          | {
              readonly from: string;
              readonly to: string;
              readonly weekdays?: readonly (
                | 'monday'
                | 'tuesday'
                | 'wednesday'
                | 'thursday'
                | 'friday'
                | 'saturday'
                | 'sunday'
              )[];
              readonly reason?: string;
            }
          | {
              /** a local time such as 2026-12-24T18:00 */
              readonly from: string;
              /** a local time such as 2026-12-24T18:00 */
              readonly to: string;
              readonly reason?: string;
            }
        )[];
        readonly filters?: {
          readonly site?: readonly string[];
          readonly item?: readonly string[];
        };
        /** what becomes of times that passed while no server ran: one run for the last of them, or none */
        readonly catch_up?: 'once' | 'never';
      };
      readonly is_enabled?: boolean;
    };
    readonly answer: Schedule;
  };
  /** One schedule */
  'GET /schedules/{id}': { readonly path: { readonly id: string }; readonly answer: Schedule };
  /** Change a schedule; times that passed before are not caught up */
  'PUT /schedules/{id}': {
    readonly path: { readonly id: string };
    readonly body: {
      readonly name: string;
      readonly document: {
        /** IANA time zone of all its times */
        readonly time_zone: string;
        readonly times?: readonly (
          | {
              readonly daily: readonly string[];
            }
          | {
              readonly hourly: number;
              readonly from?: string;
              readonly to?: string;
            }
          | {
              readonly cron: string;
            }
        )[];
        /** a run once the snapshots of both sides of one cut-off are in */
        readonly arrival?: {
          readonly sides: 'both';
          /** how long a run waits for what else arrives */
          readonly wait?: string;
        };
        readonly calendar?: {
          /** only on these; all where not given */
          readonly weekdays?: readonly (
            | 'monday'
            | 'tuesday'
            | 'wednesday'
            | 'thursday'
            | 'friday'
            | 'saturday'
            | 'sunday'
          )[];
          /** not on these dates */
          readonly holidays?: readonly string[];
          /** on these dates all the same */
          readonly extra_days?: readonly string[];
        };
        /** `from` included, `to` not */
        readonly blackouts?: readonly (
          | {
              readonly from: string;
              readonly to: string;
              readonly weekdays?: readonly (
                | 'monday'
                | 'tuesday'
                | 'wednesday'
                | 'thursday'
                | 'friday'
                | 'saturday'
                | 'sunday'
              )[];
              readonly reason?: string;
            }
          | {
              /** a local time such as 2026-12-24T18:00 */
              readonly from: string;
              /** a local time such as 2026-12-24T18:00 */
              readonly to: string;
              readonly reason?: string;
            }
        )[];
        readonly filters?: {
          readonly site?: readonly string[];
          readonly item?: readonly string[];
        };
        /** what becomes of times that passed while no server ran: one run for the last of them, or none */
        readonly catch_up?: 'once' | 'never';
      };
      readonly is_enabled?: boolean;
    };
    readonly version: number;
    readonly answer: Schedule;
  };
  /** Remove a schedule; its runs stay */
  'DELETE /schedules/{id}': {
    readonly path: { readonly id: string };
    readonly version: number;
    readonly answer: undefined;
  };
  /** What was decided of its times, the newest first */
  'GET /schedules/{id}/slots': {
    readonly path: { readonly id: string };
    readonly query?: { readonly limit?: number };
    readonly answer: {
      readonly items: readonly {
        readonly slot_at: string;
        readonly decision: 'run' | 'blackout' | 'missed';
        readonly run_id: string | null;
        readonly decided_at: string;
      }[];
    };
  };
  /** The next times of a schedule as it is written, saved or not; blackouts are left out */
  'POST /schedules/preview': {
    readonly body: {
      readonly document: {
        /** IANA time zone of all its times */
        readonly time_zone: string;
        readonly times?: readonly (
          | {
              readonly daily: readonly string[];
            }
          | {
              readonly hourly: number;
              readonly from?: string;
              readonly to?: string;
            }
          | {
              readonly cron: string;
            }
        )[];
        /** a run once the snapshots of both sides of one cut-off are in */
        readonly arrival?: {
          readonly sides: 'both';
          /** how long a run waits for what else arrives */
          readonly wait?: string;
        };
        readonly calendar?: {
          /** only on these; all where not given */
          readonly weekdays?: readonly (
            | 'monday'
            | 'tuesday'
            | 'wednesday'
            | 'thursday'
            | 'friday'
            | 'saturday'
            | 'sunday'
          )[];
          /** not on these dates */
          readonly holidays?: readonly string[];
          /** on these dates all the same */
          readonly extra_days?: readonly string[];
        };
        /** `from` included, `to` not */
        readonly blackouts?: readonly (
          | {
              readonly from: string;
              readonly to: string;
              readonly weekdays?: readonly (
                | 'monday'
                | 'tuesday'
                | 'wednesday'
                | 'thursday'
                | 'friday'
                | 'saturday'
                | 'sunday'
              )[];
              readonly reason?: string;
            }
          | {
              /** a local time such as 2026-12-24T18:00 */
              readonly from: string;
              /** a local time such as 2026-12-24T18:00 */
              readonly to: string;
              readonly reason?: string;
            }
        )[];
        readonly filters?: {
          readonly site?: readonly string[];
          readonly item?: readonly string[];
        };
        /** what becomes of times that passed while no server ran: one run for the last of them, or none */
        readonly catch_up?: 'once' | 'never';
      };
      readonly count?: number;
    };
    readonly answer: {
      readonly time_zone: string;
      /** on the clock of the time zone, with its offset then */
      readonly items: readonly string[];
    };
  };
  /** Channels through which people and systems are told, by name; without their secrets */
  'GET /notifications/channels': {
    readonly answer: {
      readonly items: readonly NotificationChannel[];
    };
  };
  /** Add a channel: mail, Slack, Teams or a signed webhook */
  'POST /notifications/channels': {
    readonly body: {
      readonly name: string;
      readonly about:
        | {
            readonly kind: 'email';
            readonly settings: {
              /** of the mail server */
              readonly host: string;
              readonly port?: number;
              /** tls from the first byte on (port 465), starttls before anything else is said, or none */
              readonly security?: 'starttls' | 'tls' | 'none';
              /** null: the server asks for none */
              readonly user?: string | null;
              readonly from: string;
              readonly to: readonly string[];
            };
          }
        | {
            readonly kind: 'slack';
            readonly settings: Record<string, never>;
          }
        | {
            readonly kind: 'teams';
            readonly settings: Record<string, never>;
          }
        | {
            readonly kind: 'webhook';
            readonly settings: {
              readonly url: string;
              /** goes with each signature, so that a receiver knows which of its secrets to use while one is exchanged */
              readonly key_id?: string;
            };
          };
      /** the name of a variable of the server that begins with EVENSTOCK_NOTIFY_, in $ and braces; or the text itself, which is kept sealed; never given back; null: none. Left out of a change: as it was */
      readonly secret?: string | null;
      readonly is_enabled?: boolean;
    };
    readonly answer: NotificationChannel;
  };
  /** One channel */
  'GET /notifications/channels/{id}': { readonly path: { readonly id: string }; readonly answer: NotificationChannel };
  /** Change a channel; a secret goes to another place only if it is sent anew */
  'PUT /notifications/channels/{id}': {
    readonly path: { readonly id: string };
    readonly body: {
      readonly name: string;
      readonly about:
        | {
            readonly kind: 'email';
            readonly settings: {
              /** of the mail server */
              readonly host: string;
              readonly port?: number;
              /** tls from the first byte on (port 465), starttls before anything else is said, or none */
              readonly security?: 'starttls' | 'tls' | 'none';
              /** null: the server asks for none */
              readonly user?: string | null;
              readonly from: string;
              readonly to: readonly string[];
            };
          }
        | {
            readonly kind: 'slack';
            readonly settings: Record<string, never>;
          }
        | {
            readonly kind: 'teams';
            readonly settings: Record<string, never>;
          }
        | {
            readonly kind: 'webhook';
            readonly settings: {
              readonly url: string;
              /** goes with each signature, so that a receiver knows which of its secrets to use while one is exchanged */
              readonly key_id?: string;
            };
          };
      /** the name of a variable of the server that begins with EVENSTOCK_NOTIFY_, in $ and braces; or the text itself, which is kept sealed; never given back; null: none. Left out of a change: as it was */
      readonly secret?: string | null;
      readonly is_enabled?: boolean;
    };
    readonly version: number;
    readonly answer: NotificationChannel;
  };
  /** Remove a channel that no rule names */
  'DELETE /notifications/channels/{id}': {
    readonly path: { readonly id: string };
    readonly version: number;
    readonly answer: undefined;
  };
  /** Send a message through a channel now, and say what was answered; each request sends one more */
  'POST /notifications/channels/{id}/test': {
    readonly path: { readonly id: string };
    readonly answer: {
      readonly is_delivered: boolean;
      /** what the receiver said, or why there was no answer */
      readonly answer: string;
      readonly ms: number;
    };
  };
  /** Rules that say who is told what, by name */
  'GET /notifications/rules': {
    readonly answer: {
      readonly items: readonly NotificationRule[];
    };
  };
  /** Add a rule; what happened before is told to nobody */
  'POST /notifications/rules': {
    readonly body: {
      readonly name: string;
      readonly document: {
        /** run-digest: what a run found; discrepancy: a key that is newly off, or worse; run-failed: a run that was refused or failed; feed-silent: an interface or system that stopped sending; message-late: a message past its lag */
        readonly topics: readonly ('run-digest' | 'discrepancy' | 'run-failed' | 'feed-silent' | 'message-late')[];
        /** ids of the channels that are told */
        readonly channels: readonly string[];
        /** only of these, and messages hold data of these only; null: all sites */
        readonly sites?: readonly string[] | null;
        /** main causes of discrepancies; empty: any */
        readonly causes?: readonly (
          | 'in-flight'
          | 'message-lost'
          | 'message-rejected'
          | 'posted-twice'
          | 'file-loaded-twice'
          | 'out-of-order'
          | 'unit-mismatch'
          | 'sign-reversed'
          | 'digits-transposed'
          | 'decimal-shifted'
          | 'status-move-missing'
          | 'status-unmapped'
          | 'item-cross-posted'
          | 'item-alias-missing'
          | 'lot-swapped'
          | 'site-cross-posted'
          | 'count-not-sent'
          | 'count-raced-movement'
          | 'pick-short'
          | 'shipment-unconfirmed'
          | 'receipt-not-posted'
          | 'return-not-posted'
          | 'kit-not-posted'
          | 'manual-erp-adjustment'
          | 'wms-ledger-break'
          | 'erp-ledger-break'
          | 'opening-difference'
          | 'snapshot-stale'
          | 'cutoff-time-zone'
          | 'scope-mismatch'
          | 'rounding'
          | 'cost-difference'
          | 'unexplained'
        )[];
        /** empty: any */
        readonly categories?: readonly string[];
        /** least |value| of a discrepancy in the currency; null: any, also without a cost */
        readonly min_value?: string | null;
        /** only discrepancies that were not there in the run before */
        readonly only_new?: boolean;
        /** told again once it is larger by more than this */
        readonly grown_by_percent?: number;
        /** IANA time zone of all its times */
        readonly time_zone?: string;
        /** nothing is sent then; what happened is told afterwards, in one message */
        readonly quiet_hours?: readonly (
          | {
              readonly from: string;
              readonly to: string;
              readonly weekdays?: readonly (
                | 'monday'
                | 'tuesday'
                | 'wednesday'
                | 'thursday'
                | 'friday'
                | 'saturday'
                | 'sunday'
              )[];
              readonly reason?: string;
            }
          | {
              /** a local time such as 2026-12-24T18:00 */
              readonly from: string;
              /** a local time such as 2026-12-24T18:00 */
              readonly to: string;
              readonly reason?: string;
            }
        )[];
        /** how long one message gathers discrepancies and alerts; what is in order again by then is not told */
        readonly gather?: string;
        /** lines that a message lists; what is beyond is counted */
        readonly lines_max?: number;
      };
      readonly is_enabled?: boolean;
    };
    readonly answer: NotificationRule;
  };
  /** One rule */
  'GET /notifications/rules/{id}': { readonly path: { readonly id: string }; readonly answer: NotificationRule };
  /** Change a rule */
  'PUT /notifications/rules/{id}': {
    readonly path: { readonly id: string };
    readonly body: {
      readonly name: string;
      readonly document: {
        /** run-digest: what a run found; discrepancy: a key that is newly off, or worse; run-failed: a run that was refused or failed; feed-silent: an interface or system that stopped sending; message-late: a message past its lag */
        readonly topics: readonly ('run-digest' | 'discrepancy' | 'run-failed' | 'feed-silent' | 'message-late')[];
        /** ids of the channels that are told */
        readonly channels: readonly string[];
        /** only of these, and messages hold data of these only; null: all sites */
        readonly sites?: readonly string[] | null;
        /** main causes of discrepancies; empty: any */
        readonly causes?: readonly (
          | 'in-flight'
          | 'message-lost'
          | 'message-rejected'
          | 'posted-twice'
          | 'file-loaded-twice'
          | 'out-of-order'
          | 'unit-mismatch'
          | 'sign-reversed'
          | 'digits-transposed'
          | 'decimal-shifted'
          | 'status-move-missing'
          | 'status-unmapped'
          | 'item-cross-posted'
          | 'item-alias-missing'
          | 'lot-swapped'
          | 'site-cross-posted'
          | 'count-not-sent'
          | 'count-raced-movement'
          | 'pick-short'
          | 'shipment-unconfirmed'
          | 'receipt-not-posted'
          | 'return-not-posted'
          | 'kit-not-posted'
          | 'manual-erp-adjustment'
          | 'wms-ledger-break'
          | 'erp-ledger-break'
          | 'opening-difference'
          | 'snapshot-stale'
          | 'cutoff-time-zone'
          | 'scope-mismatch'
          | 'rounding'
          | 'cost-difference'
          | 'unexplained'
        )[];
        /** empty: any */
        readonly categories?: readonly string[];
        /** least |value| of a discrepancy in the currency; null: any, also without a cost */
        readonly min_value?: string | null;
        /** only discrepancies that were not there in the run before */
        readonly only_new?: boolean;
        /** told again once it is larger by more than this */
        readonly grown_by_percent?: number;
        /** IANA time zone of all its times */
        readonly time_zone?: string;
        /** nothing is sent then; what happened is told afterwards, in one message */
        readonly quiet_hours?: readonly (
          | {
              readonly from: string;
              readonly to: string;
              readonly weekdays?: readonly (
                | 'monday'
                | 'tuesday'
                | 'wednesday'
                | 'thursday'
                | 'friday'
                | 'saturday'
                | 'sunday'
              )[];
              readonly reason?: string;
            }
          | {
              /** a local time such as 2026-12-24T18:00 */
              readonly from: string;
              /** a local time such as 2026-12-24T18:00 */
              readonly to: string;
              readonly reason?: string;
            }
        )[];
        /** how long one message gathers discrepancies and alerts; what is in order again by then is not told */
        readonly gather?: string;
        /** lines that a message lists; what is beyond is counted */
        readonly lines_max?: number;
      };
      readonly is_enabled?: boolean;
    };
    readonly version: number;
    readonly answer: NotificationRule;
  };
  /** Remove a rule; what is on its way arrives all the same */
  'DELETE /notifications/rules/{id}': {
    readonly path: { readonly id: string };
    readonly version: number;
    readonly answer: undefined;
  };
  /** Messages on their way, received or given up, the newest first */
  'GET /notifications/deliveries': {
    readonly query?: {
      readonly limit?: number;
      readonly cursor?: string;
      readonly state?: string | readonly string[];
      readonly channel?: string;
      readonly rule?: string;
    };
    readonly answer: {
      readonly items: readonly NotificationDelivery[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** One message, with its text */
  'GET /notifications/deliveries/{id}': {
    readonly path: { readonly id: string };
    readonly answer: {
      /** receivers see it in each attempt */
      readonly id: string;
      readonly rule_id: string;
      readonly rule_name: string;
      readonly channel_id: string;
      readonly channel_name: string;
      readonly event: string;
      readonly subject: string;
      /** waiting: for its first or next attempt; dead: given up, see answer */
      readonly state: 'waiting' | 'sending' | 'delivered' | 'dead';
      readonly attempts: number;
      /** what the receiver said last, or why there was no answer; null: not sent yet */
      readonly answer: string | null;
      readonly created_at: string;
      /** null: there is none */
      readonly next_attempt_at: string | null;
      readonly finished_at: string | null;
      /** the message as plain text */
      readonly text: string;
    };
  };
  /** Send a message again that was given up */
  'POST /notifications/deliveries/{id}/retry': {
    readonly path: { readonly id: string };
    readonly answer: NotificationDelivery;
  };
  /** The mapping in force, with its version as ETag */
  'GET /mappings/current': { readonly answer: MappingVersion };
  /** Bring another mapping into force, for the runs from now on */
  'PUT /mappings/current': {
    readonly body: {
      /** category: side (erp, wms or the id of a system): native statuses. The first entry that fits wins */
      readonly categories: Readonly<
        Record<
          string,
          Readonly<
            Record<
              string,
              readonly (
                | string
                | {
                    /** a native stock status */
                    readonly status: string;
                    /** conditions that must all fit */
                    readonly when?: {
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly site?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly owner?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly location?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly family?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly abc_class?: string | readonly string[];
                    };
                  }
              )[]
            >
          >
        >
      >;
      readonly ignore?: readonly {
        /** a system named under systems */
        readonly system: string;
        readonly status: readonly string[];
        /** conditions that must all fit */
        readonly when?: {
          /** one text or a list; each exact, or with * for any run of characters */
          readonly site?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly owner?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly location?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly family?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly abc_class?: string | readonly string[];
        };
        /** why these rows do not count */
        readonly reason: string;
      }[];
      /** why, for those who read it later */
      readonly reason: string;
    };
    readonly version: number;
    readonly answer: MappingVersion;
  };
  /** Versions of the mapping, the newest first, with author and reason */
  'GET /mappings/versions': {
    readonly query?: { readonly limit?: number; readonly cursor?: string };
    readonly answer: {
      readonly items: readonly MappingVersion[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** One version of the mapping */
  'GET /mappings/versions/{version}': { readonly path: { readonly version: number }; readonly answer: MappingVersion };
  /** Native statuses of all systems by category, as a run counted them; unmapped ones with units and value */
  'GET /mappings/matrix': {
    readonly query?: { readonly run?: string };
    readonly answer: {
      readonly run_id: string;
      readonly currency: string;
      readonly systems: Readonly<Record<string, 'erp' | 'wms'>>;
      /** the items file that values are worked out with, beside the unit costs of the discrepancies */
      readonly costs: {
        readonly file: string;
        readonly state: 'as-read' | 'changed' | 'gone' | 'none';
        readonly message: string;
      };
      readonly cells: readonly {
        readonly system: string;
        readonly status: string;
        /** empty: no rule takes it */
        readonly category: string;
        readonly rows: number;
        readonly keys: number;
        readonly items: number;
        readonly quantity: string;
        /** at unit cost, of the items that have one; empty: none has */
        readonly value: string;
        /** items with units and without a unit cost */
        readonly unvalued_items: number;
      }[];
      readonly unmapped: readonly {
        readonly system: string;
        readonly status: string;
        readonly rows: number;
        readonly quantity: string;
        readonly value: string;
        readonly currency: string;
      }[];
    };
  };
  /** How the discrepancies of a run would differ under another mapping; nothing is changed */
  'POST /mappings/preview': {
    readonly body: {
      /** category: side (erp, wms or the id of a system): native statuses. The first entry that fits wins */
      readonly categories: Readonly<
        Record<
          string,
          Readonly<
            Record<
              string,
              readonly (
                | string
                | {
                    /** a native stock status */
                    readonly status: string;
                    /** conditions that must all fit */
                    readonly when?: {
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly site?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly owner?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly location?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly family?: string | readonly string[];
                      /** one text or a list; each exact, or with * for any run of characters */
                      readonly abc_class?: string | readonly string[];
                    };
                  }
              )[]
            >
          >
        >
      >;
      readonly ignore?: readonly {
        /** a system named under systems */
        readonly system: string;
        readonly status: readonly string[];
        /** conditions that must all fit */
        readonly when?: {
          /** one text or a list; each exact, or with * for any run of characters */
          readonly site?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly owner?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly location?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly family?: string | readonly string[];
          /** one text or a list; each exact, or with * for any run of characters */
          readonly abc_class?: string | readonly string[];
        };
        /** why these rows do not count */
        readonly reason: string;
      }[];
      readonly run?: string;
    };
    readonly answer: {
      readonly run_id: string;
      readonly currency: string;
      /** keys whose balances differ by more than the tolerance, before what is in flight is taken off */
      readonly before: {
        readonly keys: number;
        readonly gross_variance_quantity: string;
        readonly gross_variance_value: string;
        readonly unvalued: number;
      };
      /** keys whose balances differ by more than the tolerance, before what is in flight is taken off */
      readonly after: {
        readonly keys: number;
        readonly gross_variance_quantity: string;
        readonly gross_variance_value: string;
        readonly unvalued: number;
      };
      readonly appear: number;
      readonly vanish: number;
      readonly change: number;
      readonly statuses: readonly {
        readonly system: string;
        readonly status: string;
      }[];
      /** statuses that the kept balances cannot decide; empty: the figures are exact */
      readonly undecided: readonly {
        readonly system: string;
        readonly status: string;
        readonly why: 'location' | 'ignored-before';
      }[];
      readonly lines: readonly {
        readonly site: string;
        readonly item: string;
        readonly owner: string;
        readonly lot: string;
        readonly category: string;
        /** variance, WMS − ERP; empty: within tolerance */
        readonly before: string;
        readonly after: string;
        readonly value_before: string;
        readonly value_after: string;
      }[];
    };
  };
  /** Bring an earlier version into force again, as a new version */
  'POST /mappings/roll-back': {
    readonly body: {
      readonly version: number;
      /** why, for those who read it later */
      readonly reason: string;
    };
    readonly version: number;
    readonly answer: MappingVersion;
  };
  /** Sources of the configuration: last file, cut-off, rows, rejections, age; the ETag is that of its file */
  'GET /sources': {
    readonly answer: {
      readonly items: readonly {
        readonly name: string;
        /** balances, movements, messages, … */
        readonly part: string;
        /** empty: not of one system */
        readonly system: string;
        readonly format: string;
        readonly path: string | null;
        /** the newest file that was brought in */
        readonly last_import: {
          readonly import_id: string;
          readonly file: string;
          readonly rows: number | null;
          readonly rejected: number | null;
          readonly as_of: string | null;
          readonly state: 'accepted' | 'held' | 'refused' | 'removed';
          readonly failure: string | null;
          readonly received_at: string;
          readonly received_by: string;
        } | null;
        /** what the newest run read of it */
        readonly last_used: {
          readonly run_id: string;
          readonly file: string;
          readonly rows: number;
          readonly rejected: number;
          readonly excluded: number;
          /** empty where the file says none */
          readonly as_of: string;
        } | null;
        /** of the newest cut-off; null where none is known */
        readonly age_seconds: number | null;
        /** the oldest that a run accepts */
        readonly max_age_seconds: number | null;
        readonly is_stale: boolean;
      }[];
    };
  };
  /** Add a source to evenstock.yaml; If-Match is the ETag of GET /sources */
  'POST /sources': {
    readonly body: {
      /** where it stands in evenstock.yaml */
      readonly part:
        | 'opening'
        | 'balances'
        | 'movements'
        | 'messages'
        | 'items'
        | 'packs'
        | 'aliases'
        | 'sites'
        | 'demand'
        | 'promotions';
      /** as they would stand in evenstock.yaml */
      readonly settings: Readonly<Record<string, unknown>>;
      /** true: check it and show the change, and save nothing */
      readonly is_trial?: boolean;
    };
    readonly version: number;
    readonly answer: SavedSource;
  };
  /** How a sample would be read: proposed settings, raw and parsed rows, rejections; nothing is saved */
  'POST /sources/preview': {
    readonly body: {
      readonly kind:
        | 'balances'
        | 'movements'
        | 'messages'
        | 'items'
        | 'packs'
        | 'aliases'
        | 'sites'
        | 'demand'
        | 'promotions';
      /** whose balances or movements they are */
      readonly system?: string;
      readonly file_name?: string;
      /** the file, or its beginning */
      readonly content_base64?: string;
      /** the content is only the beginning: its last line is left out */
      readonly is_cut?: boolean;
      /** instead of a content: a file that was brought in */
      readonly import?: string;
      /** what is decided; the rest is proposed */
      readonly settings?: {
        /** how the file is written */
        readonly format?:
          | 'csv'
          | 'tsv'
          | 'xlsx'
          | 'parquet'
          | 'json'
          | 'jsonl'
          | 'x12'
          | 'edifact'
          | 'idoc'
          | 'epcis'
          | 'sql'
          | 'http';
        /** character encoding where it is not Unicode, such as windows-1252 */
        readonly encoding?: string;
        /** the character between fields */
        readonly delimiter?: string;
        /** the character around fields, or none */
        readonly quote?: string | 'none';
        /** false where the first row is data and not the names of the columns */
        readonly header?: boolean;
        /** rows before the header */
        readonly skip_rows?: number;
        /** name of the worksheet */
        readonly sheet?: string;
        /** the last row is a control total where this column holds this value */
        readonly total_row?: {
          readonly column: string;
          readonly value: string;
        };
        /** decimal separator */
        readonly decimal?: '.' | ',';
        /** thousands separator */
        readonly thousands?: ',' | '.' | ' ' | "'" | '_';
        /** ways beside a leading hyphen in which the source writes negative numbers */
        readonly negative?: readonly ('trailing-minus' | 'parentheses' | 'minus-sign')[];
        /** IANA time zone of times without an offset, such as America/Chicago */
        readonly time_zone?: string;
        /** Luxon format of times that are not ISO 8601, such as dd/MM/yyyy HH:mm */
        readonly time_format?: string;
        readonly columns?: Readonly<Record<string, string>>;
        readonly constants?: Readonly<Record<string, string>>;
      };
    };
    readonly answer: SourcePreview;
  };
  /** Open the newest file of a source and say what it sees */
  'POST /sources/{name}/check': { readonly path: { readonly name: string }; readonly answer: SourceCheck };
  /** Saved views of the caller and shared ones */
  'GET /views': {
    readonly query?: { readonly page?: string };
    readonly answer: {
      /** own ones first, by name */
      readonly items: readonly View[];
    };
  };
  /** Save a view */
  'POST /views': {
    readonly body: {
      /** which page it is a view of, such as run or interfaces */
      readonly page: string;
      readonly name: string;
      /** as in the address of the page, without the question mark */
      readonly query?: string;
      /** in their order; empty: the usual ones */
      readonly columns?: readonly string[];
      /** seen by all; analysts may share */
      readonly is_shared?: boolean;
    };
    readonly answer: View;
  };
  /** One saved view */
  'GET /views/{id}': { readonly path: { readonly id: string }; readonly answer: View };
  /** Change a view; its owner and administrators may */
  'PUT /views/{id}': {
    readonly path: { readonly id: string };
    readonly body: {
      /** which page it is a view of, such as run or interfaces */
      readonly page: string;
      readonly name: string;
      /** as in the address of the page, without the question mark */
      readonly query?: string;
      /** in their order; empty: the usual ones */
      readonly columns?: readonly string[];
      /** seen by all; analysts may share */
      readonly is_shared?: boolean;
    };
    readonly version: number;
    readonly answer: View;
  };
  /** Remove a view; its owner and administrators may */
  'DELETE /views/{id}': {
    readonly path: { readonly id: string };
    readonly version: number;
    readonly answer: undefined;
  };
  /** Who changed what, the newest first */
  'GET /audit': {
    readonly query?: {
      readonly entity?: string;
      readonly entity_id?: string;
      readonly actor?: string;
      readonly action?: string;
      readonly from?: string;
      readonly to?: string;
      readonly limit?: number;
      readonly cursor?: string;
    };
    readonly answer: {
      readonly items: readonly AuditEntry[];
      /** null: this is the last page */
      readonly next_cursor: string | null;
    };
  };
  /** Whether the trail is whole: every hash is computed again */
  'GET /audit/verify': {
    readonly query?: { readonly number?: number; readonly hash?: string };
    readonly answer: {
      readonly is_whole: boolean;
      /** note it elsewhere: without it a trail that was rewritten as a whole looks like another one */
      readonly head?: {
        readonly number: number;
        readonly hash: string;
      };
      /** the first row that is wrong */
      readonly number?: number;
      readonly reason?: string;
    };
  };
  /** The trail as JSON lines, the oldest first */
  'GET /audit/export': {
    readonly query?: {
      readonly entity?: string;
      readonly entity_id?: string;
      readonly actor?: string;
      readonly action?: string;
      readonly from?: string;
      readonly to?: string;
    };
    readonly answer: Response;
  };
  /** This description */
  'GET /openapi.json': { readonly answer: string };
}
