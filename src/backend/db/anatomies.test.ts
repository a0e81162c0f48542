import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  analysisOfFilm,
  draftOfFilm,
  film,
  imported,
  optionsIn,
  random,
  storeIn,
  temporary,
} from '../../../tests/storeSamples.ts';
import { scale } from '#core/imaging/affine.ts';
import { headerOf } from '#core/imaging/testdata/header.ts';
import { samplesOf } from '#core/imaging/pixels.ts';
import { cardiothoracicRatio } from '#core/measure/cardiothoracic.ts';
import { outlineOf } from '#core/measure/masks.ts';
import type { Anatomy, MaskId } from '#core/measure/measurement.ts';
import { chestMasks } from '#core/measure/testdata.ts';
import { addAnalysis, analysisOf } from './analyses.ts';
import { maskOf } from './anatomies.ts';
import { addDraft } from './drafts.ts';
import { addInstance } from './addInstance.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open.ts';
import { openStore, type Store } from './store.ts';

const masks = chestMasks({}, scale(10, 10));
const header = headerOf({ rows: 1120, columns: 1120, viewPosition: 'AP' });
const ratio = cardiothoracicRatio(masks, header, { meanError: 0.01, p95Error: 0.03, bias: 0, films: 90 });
if (typeof ratio === 'string') throw new Error(ratio);
const name: Partial<Record<MaskId, string>> = { cardiomediastinum: 'Cardiomediastinum' };
const anatomy: Anatomy = {
  pack: { id: 'chest-anatomy', version: '0.1.0', sha256: 'c'.repeat(64), use: 'research' },
  masks: [...masks].map(([id, grid]) => ({ id, name: name[id] ?? id, region: outlineOf(grid) })),
  measurements: [ratio],
  note: '',
};

function fill(store: Store, drawn: Anatomy | null = anatomy): void {
  store.write((write) => addInstance(write, film(), imported));
  store.write((write) => {
    const analysis = { ...analysisOfFilm(), anatomy: drawn };
    addAnalysis(write, { analysis, study: film().study.id, maps: new Map(), masks, actor: 'reader' });
    addDraft(write, { draft: draftOfFilm(), notUsed: [], replaces: null, actor: 'reader' });
  });
}

describe('1 anatomy in the store', () => {
  test('1.1 outlines, lines, error and caveats are there, to the last digit, after closing and opening', async () => {
    const folder = temporary();
    const first = await openStore(optionsIn(folder));
    fill(first);
    await first.close();
    const again = await storeIn(folder);
    const stored = analysisOf(again.read, analysisOfFilm().id)?.anatomy;
    expect(stored).toEqual(anatomy);
    expect(stored?.measurements[0]?.caveats).toEqual([expect.stringMatching(/^AP film/) as string]);
  });

  test('1.2 a mask comes back in its place, each cell within half of 1/255', async () => {
    const store = await storeIn(temporary());
    fill(store);
    const [from, to] = [masks.get('right-lung'), maskOf(store.read, analysisOfFilm().id, 'right-lung')];
    expect(to?.toImage).toEqual(from?.toImage);
    const values = samplesOf('f32', to?.bytes ?? new Uint8Array());
    expect(values).toHaveLength(112 * 112);
    const before = samplesOf('f32', from?.bytes ?? new Uint8Array());
    const largest = Math.max(...Array.from(before, (value, i) => Math.abs(value - (values[i] ?? NaN))));
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(0.5 / 255 + 1e-6);
    expect(maskOf(store.read, analysisOfFilm().id, 'lung-opacity')).toBeNull();
  });

  test('1.3 an analysis without anatomy has none; the log names the pack that drew', async () => {
    const [without, drawn] = [await storeIn(temporary()), await storeIn(temporary())];
    fill(without, null);
    fill(drawn);
    expect(analysisOf(without.read, analysisOfFilm().id)?.anatomy).toBeNull();
    const detail = (store: Store) =>
      store.read.get(z.object({ detail: z.string() }), `SELECT detail FROM audit WHERE event = 'analysis.added'`)
        ?.detail;
    expect(detail(drawn)).toContain('"anatomy":"chest-anatomy 0.1.0"');
    expect(detail(without)).not.toContain('anatomy');
  });

  test('1.4 neither outlines nor measurements can be changed or taken away', async () => {
    const store = await storeIn(temporary());
    fill(store);
    for (const [sql, words] of [
      [`UPDATE anatomies SET measurements = '[]'`, /anatomies never change/],
      ['DELETE FROM masks', /masks are never deleted/],
      [`UPDATE masks SET region = NULL`, /masks never change/],
      ['DELETE FROM anatomies', /anatomies are never deleted/],
    ] as const)
      expect(() => store.write((write) => write.run(sql))).toThrow(words);
  });

  test('1.5 an analysis that version 1 stored has no anatomy, and one can stand beside it', () => {
    const key = random(32);
    const folder = temporary();
    const database = openDatabase(`${folder}/old.db`, key);
    migrate(database, migrations.slice(0, 1), { folder, key });
    database.exec(
      `INSERT INTO patients (id, issuer, only_study, first_seen) VALUES ('P', '', '', 1);
       INSERT INTO studies (uid, patient, person, date, time, accession, description, referrer, modalities, body_part,
         instances, synthetic, imported_at, folded)
       VALUES ('1.2', 1, '{}', '', '', '', '', '', '[]', '', 1, 0, 1, '');
       INSERT INTO series (uid, study, modality, description, body_part) VALUES ('1.2.1', '1.2', 'DX', '', '');
       INSERT INTO instances (uid, series, sha256, header, imported_at) VALUES ('1.2.1.1', '1.2.1', 'x', '{}', 1);
       INSERT INTO analyses VALUES ('a1', '1.2', '1.2.1.1', 0, 'p', '1', 'x', 'evaluation', '{}', '{}', '{}', 1);`,
    );
    migrate(database, migrations, { folder, key });
    const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect([count('analyses'), count('anatomies'), count('masks')]).toEqual([1, 0, 0]);
    database.exec(`INSERT INTO anatomies VALUES ('a1', 'p', '1', 'x', 'research', '[]', '')`);
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
  });
});
