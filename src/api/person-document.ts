/** A person as the API shows them. Never with the hash of the password. */
import type { Person } from '../contract/api/people.ts';
import { sitesOf } from '../store/work/api-keys.ts';
import type { PersonRow } from '../store/work/people.ts';
import { momentText } from './moment-text.ts';

export function personDocument(row: PersonRow): Person {
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    email: row.email,
    role: row.role,
    sites: sitesOf(row.sites),
    is_enabled: row.is_enabled === 1,
    has_password: row.password_hash !== null,
    created_at: momentText(row.created_at),
    version: row.version,
  };
}
