/** Writes phantoms of the program as PNG files, for the gate to learn what is a drawing: `node gate_phantoms.ts FOLDER COUNT`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PNG } from 'pngjs';
import { phantom, PLAIN } from '../../src/core/phantom/phantom.ts';
import { mulberry32 } from '../../src/core/phantom/random.ts';

const grey = (value = 0) => Math.round(value * 255);
const [folder = '.', count = '100'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (let n = 0; n < Number(count); n++) {
  const random = mulberry32(1000 + n);
  const columns = 260 + Math.floor(random() * 160);
  const rows = Math.round(columns * (0.85 + random() * 0.4));
  const { values } = phantom({
    ...PLAIN,
    rows,
    columns,
    seed: 1000 + n,
    age: 20 + Math.floor(random() * 60),
    nodule: random() < 0.3 ? { x: -70 + random() * 20, y: -40 + random() * 60, radius: 8 + random() * 12 } : null,
    effusion: random() < 0.3 ? { side: random() < 0.5 ? 'left' : 'right', level: 30 + random() * 60 } : null,
    enlargedHeart: random() < 0.3,
    noise: random() * 2,
  });
  const png = new PNG({ width: columns, height: rows, colorType: 0 });
  for (let i = 0; i < values.length; i++) png.data.set([grey(values[i]), grey(values[i]), grey(values[i]), 255], i * 4);
  writeFileSync(path.join(folder, `phantom-${n}.png`), PNG.sync.write(png, { colorType: 0 }));
}
