/** The people who use a workstation and what each may do. */
import * as z from 'zod';

export const PersonId = z.string().min(1).max(64).brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;

export const Role = z.enum([
  /** Opens studies, drafts, edits, signs. */
  'radiologist',
  /** Reads everything, the audit log too, and changes nothing. */
  'auditor',
  /** People, settings, packs, backups, keys; reads the log; opens no study and signs nothing. */
  'administrator',
]);
export type Role = z.infer<typeof Role>;

/** One person may be radiologist and administrator; who audits does nothing else. */
export const Roles = z
  .array(Role)
  .min(1, 'expected at least one role')
  .refine((roles) => new Set(roles).size === roles.length, 'expected each role once')
  .refine((roles) => !roles.includes('auditor') || roles.length === 1, 'an auditor has no other role');

/** What stands in the log and is never given to anybody else again. */
export const Login = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{1,31}$/, 'expected 2 to 32 of a–z, 0–9, dot, hyphen and underscore, a letter first');

export const PersonName = z.string().trim().min(1).max(100);

export const Person = z.object({
  id: PersonId,
  login: z.string(),
  /** As it stands under a signed report. */
  name: z.string(),
  roles: z.array(Role),
  /** Milliseconds since 1970, UTC. */
  createdAt: z.number(),
  disabled: z.boolean(),
  /** The password was set by an administrator: the person must choose one before anything else. */
  mustChangePassword: z.boolean(),
  /** After failures: no sign-in before this time; null when none. */
  lockedUntil: z.number().nullable(),
});
export type Person = z.infer<typeof Person>;
