/** `raddraft audit verify | head | export`: the log of a data folder. The program that owns the folder must be closed. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { append } from '#backend/db/audit.ts';
import type { Store } from '#backend/db/store.ts';
import { userName } from '#backend/files/lock.ts';
import { exportPart, headText } from '#backend/services/auditing.ts';
import { AppError } from '#contract/errors.ts';
import { AuditFormat } from '#contract/records.ts';
import { withStore } from './dataStore.ts';

export interface AuditValues {
  data?: string | undefined;
  head?: string | undefined;
  format?: string | undefined;
  out?: string | undefined;
}

export async function auditCommand([action]: string[], values: AuditValues): Promise<string> {
  if (action === 'verify') return withStore(values.data, (store) => verify(store, values.head));
  if (action === 'head') return withStore(values.data, async (store) => headText(store.audit.head()).text);
  if (action === 'export') return withStore(values.data, async (store) => exported(store, values));
  throw new AppError('invalid-input', `Expected audit verify, head or export, found "${action ?? ''}".`);
}

async function verify(store: Store, kept: string | undefined): Promise<string> {
  const { rows, intact, problem } = await store.audit.verify(kept === undefined ? [] : [headOf(kept)]);
  if (!intact) throw new AppError('refused', `The audit log of ${rows} rows is not whole: ${problem}`);
  const contains = kept === undefined ? '' : ', and it contains the row that you kept';
  return `The audit log is whole: ${rows} rows${contains}.\n`;
}

function headOf(text: string): { seq: number; hash: string } {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new AppError('invalid-input', 'Expected --head ROW:HASH, as raddraft audit head prints them.');
  return { seq: Number(seq), hash };
}

function exported(store: Store, { format = 'csv', out }: AuditValues): string {
  const chosen = AuditFormat.safeParse(format);
  if (!chosen.success) throw new AppError('invalid-input', 'Expected --format csv, json or xml.');
  if (!out) throw new AppError('invalid-input', 'Expected --out FILE, which the log is written to.');
  const row = { at: Date.now(), actor: userName(), event: 'log.exported', subject: 'audit log' };
  store.write((write) => append(write, { ...row, detail: { format: chosen.data } }));
  const file = path.resolve(out);
  let after: number | null = 0;
  for (let flag = 'wx'; after !== null; flag = 'a') {
    const part = exportPart(store, chosen.data, after);
    write(file, part.text, flag);
    after = part.next;
  }
  return `${store.audit.head().seq} rows are in ${file}.\n`;
}

function write(file: string, text: string, flag: string): void {
  try {
    writeFileSync(file, text, { flag, mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new AppError('refused', `Expected a new file that can be written, found one that cannot (${code}).`, {
      cause,
    });
  }
}
