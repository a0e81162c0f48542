/** `npm run bench [-- [--rounds N] [NAME …]]`: the product beside its bare parts or a peer, in one run, as ratios. */
import { parseArgs } from 'node:util';
import { build } from '../scripts/build.ts';
import { analysis } from './analysis.ts';
import { drafting } from './drafting.ts';
import { firstPixel } from './firstPixel.ts';
import { imports } from './imports.ts';
import { memory } from './memory.ts';
import { watchOthers } from './others.ts';
import { pythonPeer } from './pythonPeer.ts';
import { print, type Row } from './row.ts';
import { wadoPeer } from './wadoPeer.ts';
import { growth, search, start } from './worklist.ts';

/** `memory` takes minutes (as many as its rounds) and is measured only when it is named. */
const benches: Record<string, (rounds: number) => Promise<Row | null>> = {
  analysis,
  drafting,
  'first-pixel': firstPixel,
  start,
  search,
  growth,
  imports,
  'python-peer': pythonPeer,
  'wado-peer': wadoPeer,
  memory,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(benches).filter((name) => name !== 'memory');
const unknown = names.filter((name) => !benches[name]);
if (unknown.length > 0) {
  console.error(`bench: expected names of ${Object.keys(benches).join(', ')}, found ${unknown.join(', ')}.`);
  process.exit(2);
}
build(['renderer']);
for (const name of names) {
  const end = watchOthers();
  const row = await benches[name]?.(Number(values.rounds));
  if (row) print(row, end());
}
