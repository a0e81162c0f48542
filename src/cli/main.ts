/** The command line: `raddraft analyze | evaluate | packs | audit | backup | keys | rescue | doctor`. Exit 0, or 2 with one clear message on standard error. */
import { parseArgs } from 'node:util';
import { version } from '#backend/backend.ts';
import { AppError } from '#contract/errors.ts';
import { analyzeCommand } from './analyze.ts';
import { auditCommand } from './audit.ts';
import { endInDesktop, hearDesktop, machineSecret } from './desktop.ts';
import { doctorCommand } from './doctor.ts';
import { evaluateCommand } from './evaluate.ts';
import { packsCommand } from './packs.ts';
import { backupCommand, keysCommand, rescueCommand } from './safekeeping.ts';

const usage = `RadDraft on the command line. For research and evaluation. Not for clinical use.

  raddraft analyze PATH [--out DIR] [--json]   read one film (or the best frontal film of a folder) and draft
      --view PA|AP      what a PNG or JPEG shows, since it cannot say so itself
      --age YEARS       the patient's age, for a PNG or JPEG
      --pack DIR        a folder that holds packs, before the program's own
      --engine auto|cpu|cuda|dml
      --language en|de  what the draft is written in
  raddraft evaluate DIR [--out DIR] [--json]   the installed packs over a folder with an images.csv (docs/your-own-pack.md)
      --split NAME      only the films whose column split says so
      --out DIR         one line a film, every figure, and a page to print; a run that was stopped goes on there
      --pack DIR        a folder that holds packs, before the installed ones
  raddraft packs list | verify | self-test [ID]  the model packs; verify and self-test hash and run each
  raddraft packs install PATH | remove ID      a pack's folder or .radpack into the data folder, or out of it
  raddraft packs trust PUBLICKEY [NAME] | unsigned allow | unsigned refuse
  raddraft packs sign FOLDER KEYFILE           sign a pack of your own (Ed25519, PEM)
  raddraft audit verify [--head ROW:HASH]      check the audit log, also against a head that was kept elsewhere
  raddraft audit head                          what to keep elsewhere
  raddraft audit export --format csv|json|xml --out FILE
  raddraft backup make DIR                     a copy of the data folder in DIR (the program itself backs up while it runs)
  raddraft backup verify BACKUP                whether a backup is whole and opens
  raddraft backup restore BACKUP --data DIR    into a folder without data
  raddraft keys adopt                          make this machine's key open a data folder of another machine
  raddraft rescue --out FILE                   the texts of a damaged database, as far as they can be read
      --data DIR        the data folder, for all of these; the program that owns it must be closed
      --password        the key comes from a person's password, given on standard input (backup verify, restore)
  raddraft doctor [--data DIR]                 examine this machine; exit 1 when something would not work
  raddraft --version | --help
`;

async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      view: { type: 'string' },
      split: { type: 'string' },
      age: { type: 'string' },
      pack: { type: 'string' },
      engine: { type: 'string' },
      language: { type: 'string' },
      data: { type: 'string' },
      head: { type: 'string' },
      format: { type: 'string' },
      password: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
  const [command, ...rest] = positionals;
  if (values.version) return print(`${version()}\n`);
  if (values.help || command === 'help') return print(usage);
  if (command === 'analyze') return print(await analyzeCommand(rest, values));
  if (command === 'evaluate') return print(await evaluateCommand(rest, values));
  if (command === 'packs') return print(await packsCommand(rest, values));
  if (command === 'audit') return print(await auditCommand(rest, values));
  if (command === 'backup') return print(await backupCommand(rest, values));
  if (command === 'keys') return print(await keysCommand(rest, values));
  if (command === 'rescue') return print(await rescueCommand(values));
  if (command === 'doctor') {
    const told = machineSecret();
    const store = told?.kind === 'os' ? told.name : '';
    const { text, code } = await doctorCommand({ ...values, 'key-store': told ? store : undefined });
    process.exitCode = code;
    return print(text);
  }
  throw new AppError(
    'invalid-input',
    `Expected a command (analyze, evaluate, packs, audit, backup, keys, rescue, doctor), found ${command ? `"${command}"` : 'none'}. See raddraft --help.`,
  );
}

const print = (text: string): void => void process.stdout.write(text);

try {
  const [first, ...rest] = process.argv.slice(2);
  const inDesktop = first === '--desktop';
  if (inDesktop) await hearDesktop();
  await main(inDesktop ? rest : process.argv.slice(2));
} catch (error) {
  process.stderr.write(`raddraft: ${messageOf(error)}\n`);
  process.exitCode = 2;
} finally {
  endInDesktop();
}

function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
    return `${error.message.split('\n')[0] ?? ''} See raddraft --help.`;
  return 'Something failed that should not have. Run it again; if it fails again, report the command and the version.';
}
