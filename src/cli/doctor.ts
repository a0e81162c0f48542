/**
 * `raddraft doctor`: examines the machine and says what it found, for the hospital's IT and for who is asked for help.
 * Nothing of a patient is read or printed. Exit 0, or 1 when something would keep the program from working.
 */
import { statSync } from 'node:fs';
import { arch, homedir, release } from 'node:os';
import path from 'node:path';
import { ownPackFolder, version } from '#backend/backend.ts';
import { sideLoadPlace } from '#backend/engine/sideLoadPlace.ts';
import { defaultDataFolder } from '#backend/files/dataFolder.ts';
import { defaultMachineKey } from '#backend/files/machineKey.ts';
import { checkCipher } from './doctorCipher.ts';
import { checkCodecs } from './doctorCodecs.ts';
import { checkCuda } from './doctorCuda.ts';
import { checkEngine } from './doctorEngine.ts';
import { checkFolder, checkKeyStore, checkLoopback, type Finding } from './doctorPlaces.ts';

export interface DoctorOptions {
  data?: string | undefined;
  /** A folder that holds packs, before the program's own. */
  pack?: string | undefined;
  /** The operating system's key store, as the desktop program found it; empty: none. Undefined: nobody looked. */
  'key-store'?: string | undefined;
}

/** Answers with what is to be printed and the exit code. */
export async function doctorCommand(options: DoctorOptions): Promise<{ text: string; code: 0 | 1 }> {
  const data = path.resolve(options.data ?? defaultDataFolder(process.env, process.platform, homedir()));
  const keyFile = defaultMachineKey(process.env, process.platform, homedir());
  const packs = options.pack ? [path.resolve(options.pack), ownPackFolder()] : [ownPackFolder()];
  const findings: Finding[] = [
    ...(await checkCodecs()),
    await checkCipher(),
    checkKeyStore(options['key-store'], keyFile),
    ...(await checkCuda(sideLoadPlace())),
    ...(await checkEngine(packs)),
    await checkLoopback(),
    ...checkFolder(data),
  ];
  const signs = { ok: 'ok   ', note: 'note ', failed: 'FAIL ' };
  const log = path.join(data, 'logs', 'errors.log');
  const logged = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const failed = findings.filter(({ state }) => state === 'failed').length;
  const lines = [
    `RadDraft ${version()} on ${process.platform} ${release()} ${arch()}, Node ${process.versions.node}`,
    ...findings.map(({ state, what, found }) => `${signs[state]} ${what}: ${found}`),
    failed === 0 ? 'Nothing here keeps RadDraft from working.' : `${failed} of ${findings.length} checks failed.`,
    logged > 0
      ? `To support: send this text and ${log} (${logged} bytes). They name folders of this machine, and no patient.`
      : 'To support: send this text. It names folders of this machine, and no patient.',
  ];
  return { text: `${lines.join('\n')}\n`, code: failed === 0 ? 0 : 1 };
}
