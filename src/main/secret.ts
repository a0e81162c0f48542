/** The machine's secret, kept by the operating system's store where there is one. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { safeStorage } from 'electron';
import type { BackendInit } from '#contract/shell.ts';

const BYTES = 32;

/** `{kind: 'file'}` where there is no store: the backend keeps a key file then, and says so. After `ready`. */
export function machineSecret(folder: string): BackendInit['machineSecret'] {
  const name = keyStoreName();
  if (name === null) return { kind: 'file' };
  const file = path.join(folder, 'machine-secret.bin');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const sealed = safeStorage.encryptString(randomBytes(BYTES).toString('base64'));
    writeFileSync(`${file}.new`, sealed, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }
  try {
    const secret = Buffer.from(safeStorage.decryptString(readFileSync(file)), 'base64');
    if (secret.length === BYTES) return { kind: 'os', secret: new Uint8Array(secret), name };
  } catch {
    // Another user's, another machine's, or a store that was emptied: said below.
  }
  throw new Error(`Expected ${name} to open this machine's secret, found that it does not. Bring back ${file}.`);
}

/** null also for Chromium's `basic_text`, which hides nothing. */
function keyStoreName(): string | null {
  if (!safeStorage.isEncryptionAvailable()) return null;
  if (process.platform === 'win32') return 'Windows data protection';
  if (process.platform === 'darwin') return 'Keychain';
  // Older Electron cannot tell which store it is: then none is trusted.
  const storage: Partial<typeof safeStorage> = safeStorage;
  const backend = storage.getSelectedStorageBackend?.() ?? 'unknown';
  return backend === 'basic_text' || backend === 'unknown' ? null : backend.replaceAll('_', ' ');
}
