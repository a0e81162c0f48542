/** The folder of real films and files that lies beside a developer's checkout; tests that need it skip without it. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../shared');

/** Whether `../shared` is there. */
export const hasShared = existsSync(path.join(folder, 'dicom/files.csv')) || existsSync(path.join(folder, 'dicom'));

/** A path inside `../shared`. */
export const shared = (...parts: string[]): string => path.join(folder, ...parts);

/** Use as `describe.skipIf(!hasShared)(needsShared('…'), …)`, so that a skip says why. */
export const needsShared = (what: string): string => (hasShared ? what : `${what} (skipped: ../shared is not here)`);
