/** The roles in words. */
import type { Role } from '#core/people/person.ts';

export const roleWords: Record<Role, { name: string; does: string }> = {
  radiologist: { name: 'Radiologist', does: 'Opens studies, drafts, edits and signs.' },
  auditor: { name: 'Auditor', does: 'Reads everything, the audit log too, and changes nothing.' },
  administrator: { name: 'Administrator', does: 'People, settings, models, backups and keys; opens no study.' },
};

/** What a person may hold: who audits does nothing else. */
export const roleChoices: readonly { id: string; roles: readonly Role[]; name: string; does: string }[] = [
  { id: 'radiologist', roles: ['radiologist'], ...roleWords.radiologist },
  { id: 'auditor', roles: ['auditor'], ...roleWords.auditor },
  { id: 'administrator', roles: ['administrator'], ...roleWords.administrator },
  {
    id: 'both',
    roles: ['radiologist', 'administrator'],
    name: 'Radiologist and administrator',
    does: 'Both of them.',
  },
];

export const choiceOf = (roles: readonly Role[]): string =>
  roleChoices.find(
    (choice) => choice.roles.length === roles.length && choice.roles.every((role) => roles.includes(role)),
  )?.id ?? 'radiologist';
