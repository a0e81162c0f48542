/** What an administrator decided for everybody at this workstation. */
import * as z from 'zod';
import { SecurityPolicy } from '#contract/records.ts';
import { CheckPolicy, defaultCheckPolicy } from '#core/report/checks/check.ts';
import { toJson } from '../files/json.ts';
import { append } from './audit.ts';
import type { Read, Write } from './handles.ts';
import { Json } from './rows.ts';

interface By {
  at: number;
  actor: string;
}

function stored<S extends z.ZodType>(read: Read, name: string, schema: S): z.infer<S> | null {
  const row = read.get(z.object({ value: Json(z.unknown()) }), 'SELECT value FROM policies WHERE name = ?', name);
  const parsed = row && schema.safeParse(row.value);
  return parsed?.success ? parsed.data : null;
}

function set(write: Write, name: string, value: unknown, by: By): void {
  write.run(
    'INSERT INTO policies (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    toJson(value),
  );
  append(write, { ...by, event: 'policy.changed', subject: name, detail: { value: toJson(value) } });
}

export const securityPolicy = (read: Read): SecurityPolicy =>
  stored(read, 'security', SecurityPolicy) ?? { idleMinutes: 10, sessionHours: 12 };
export const setSecurityPolicy = (write: Write, policy: SecurityPolicy, by: By): void =>
  set(write, 'security', policy, by);

/** A check that is newer than what was decided has its default. */
export const checkPolicy = (read: Read): CheckPolicy => ({
  ...defaultCheckPolicy,
  ...stored(read, 'checks', z.partialRecord(z.string(), z.enum(['block', 'warn']))),
});
export const setCheckPolicy = (write: Write, policy: CheckPolicy, by: By): void => set(write, 'checks', policy, by);

/** Where the data key is kept weakly: the store's name, and the mark of this machine's secret in it. */
export interface WeakStore {
  keyStoreName: string;
  readonly keyStoreMark: string;
}
/** `mark` is missing where it was accepted before it was kept: it then holds wherever the store has that name. */
const Consent = z.object({ login: z.string(), at: z.number(), store: z.string(), mark: z.string().optional() });

/** Who accepted that the data key is kept in this machine's store, which is weak; null where nobody did. */
export function weakStoreConsent(read: Read, at: WeakStore): { login: string; at: number } | null {
  const found = stored(read, 'weak-key-store', Consent);
  const same = found?.store === at.keyStoreName && (found.mark === undefined || found.mark === at.keyStoreMark);
  return same ? { login: found.login, at: found.at } : null;
}
export const consentToWeakStore = (write: Write, at: WeakStore, by: By): void =>
  set(write, 'weak-key-store', { login: by.actor, at: by.at, store: at.keyStoreName, mark: at.keyStoreMark }, by);
