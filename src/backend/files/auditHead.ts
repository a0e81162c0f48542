/** The audit chain's head, kept outside the database, so that cutting rows off its end shows. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { writeAtomic } from './atomic.ts';

const File = z.object({ seq: z.int().nonnegative(), hash: z.string(), mac: z.string() });

/** Keyed, so that who has the disk but no key cannot write one that fits. */
function macOf(key: Uint8Array, head: { seq: number; hash: string }): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['raddraft audit head 1', head.seq, head.hash]))
    .digest('hex');
}

/** Durable when it returns. Call it only after the transaction with that row has been committed. */
export function writeAuditHead(file: string, key: Uint8Array, head: { seq: number; hash: string }): void {
  const { seq, hash } = head;
  writeAtomic(file, Buffer.from(`${JSON.stringify({ seq, hash, mac: macOf(key, head) })}\n`));
}

/** The head, or in words why there is none to trust. */
export function readAuditHead(file: string, key: Uint8Array): { seq: number; hash: string } | string {
  if (!existsSync(file)) return 'audit-head.json, which every data folder has, is missing: somebody removed it.';
  try {
    const { mac, ...head } = File.parse(JSON.parse(readFileSync(file, 'utf8')));
    const expected = macOf(key, head);
    if (mac.length === expected.length && timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return head;
    return "audit-head.json does not carry this data folder's mark: it was edited or comes from elsewhere.";
  } catch {
    return 'audit-head.json is not readable: it was edited or damaged.';
  }
}
