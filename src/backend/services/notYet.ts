/** Calls of the contract that are agreed on and still being built: each says so. */
import { AppError } from '#contract/errors.ts';
import { recordCalls } from '#contract/records.ts';
import type { Area } from './context.ts';

type Names = Exclude<keyof typeof recordCalls, 'audit.list' | 'audit.verify'>;

export function notYetCalls(): Area<Names> {
  const refuse = () => Promise.reject(new AppError('unsupported', 'This part of RadDraft is still being built.'));
  return Object.fromEntries(Object.keys(recordCalls).map((name) => [name, refuse])) as unknown as Area<Names>;
}
