/** Decisions, typing, undo and restarts in any order: no text stands against a decision unsaid, and nothing typed is lost. */
import * as fc from 'fast-check';
import { history, redo, undo, undoDepth } from 'prosemirror-history';
import { EditorState } from 'prosemirror-state';
import { expect, test } from 'vitest';
import { decisionsOf, planAgain, planOf, standingOf, type Decision } from '#core/report/decided.ts';
import { documentOf } from '#core/report/planned.ts';
import type { SectionKey, SourceSentence } from '#core/report/report.ts';
import { spansOf } from '#core/report/sentences.ts';
import type { FindingVerdict } from '#core/report/signing.ts';
import { AnalysisId, LabelId, SentenceId } from '#core/study/ids.ts';
import { keepsSections } from './commands.ts';
import { decide } from './decide.ts';
import { fromNode, toNode } from './document.ts';
import { readUndo, undoLog, writeUndo } from './undoLog.ts';

const sentence = (id: string, section: SectionKey, text: string, finding: string | null): SourceSentence => ({
  ...{ id: SentenceId.parse(id), section, text, probability: null, evidence: [] },
  finding: finding === null ? null : LabelId.parse(finding),
});
const sources = [
  sentence('s1', 'findings', 'Pleural effusion is likely.', 'effusion'),
  sentence('s2', 'findings', 'Pneumothorax is possible.', 'pneumothorax'),
  sentence('s3', 'findings', 'No emphysema.', 'emphysema'),
  sentence('s4', 'impression', 'Pleural effusion, likely.', 'effusion'),
  sentence('s5', 'impression', 'Pneumothorax, possible.', 'pneumothorax'),
];
const names = { effusion: 'pleural effusion', pneumothorax: 'pneumothorax', emphysema: 'emphysema' };
const labels = ['effusion', 'pneumothorax', 'emphysema'] as const;
type Label = (typeof labels)[number];
const findings = labels.map((label) => ({ label: LabelId.parse(label), positive: label !== 'emphysema' }));
const drafted = { sources, findings };

const label = fc.constantFrom(...labels);
const wording = fc.constantFrom('Small {} on the left.', 'Large {} on the right.', '{}.', 'Known {}. Drain in place.');
const op = fc.oneof(
  fc.record({ act: fc.constant('accepted' as const), label }),
  fc.record({ act: fc.constant('rejected' as const), label, denies: fc.boolean() }),
  fc.record({ act: fc.constant('modified' as const), label, wording }),
  fc.record({ act: fc.constant('follow' as const), label }),
  fc.record({ act: fc.constantFrom('undo' as const, 'redo' as const, 'restart' as const) }),
  fc.record({ act: fc.constant('type' as const), label, wording: fc.oneof(wording, fc.constant('No {}.')) }),
  fc.record({
    act: fc.constant('insert' as const),
    at: fc.nat(400),
    words: fc.constantFrom(' today', 'No ', ' left', '. '),
  }),
);
const past = () => [history(), undoLog()];
const filled = (text: string, of: Label) => {
  const words = text.replace('{}', names[of]);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

interface World {
  state: EditorState;
  verdicts: FindingVerdict[];
}
const spans = ({ state }: World) => spansOf(fromNode(state.doc), sources);
const standing = (world: World, of: Label) => standingOf(drafted, world.verdicts, LabelId.parse(of), spans(world));

function judge(world: World, of: Label, verdict: Decision['verdict'], stated: string): void {
  const next = { label: LabelId.parse(of), verdict, stated };
  const plan = planOf(drafted, world.verdicts, next);
  const typed = spans(world).filter(({ origin, text }) => origin === 'human' && !plan.unsay.includes(text));
  world.state = world.state.apply(decide(world.state, sources, plan, { typed: verdict === 'modified' }));
  world.verdicts.push({ ...next, analysis: AnalysisId.parse('a'), note: '', login: 'r', at: 1 });
  const left = new Set(spans(world).map(({ text }) => text));
  for (const { text, sources: from } of typed)
    if (verdict !== 'modified' || from.length === 0) expect(left).toContain(text);
}

function follow(world: World, of: Label): void {
  const own = decisionsOf(world.verdicts).find((one) => one.label === of);
  if (!own) return;
  for (let times = 0; times < 2; times++) {
    const now = standing(world, of);
    const shown = now.kind === 'stands' ? now.sentences : [];
    const plan = planAgain(drafted, world.verdicts, own);
    const out = [...plan.out, ...shown.flatMap((one) => one.sources)];
    const unsay = [...plan.unsay, ...shown.filter((one) => one.sources.length === 0).map(({ text }) => text)];
    world.state = world.state.apply(decide(world.state, sources, { ...plan, out, unsay }, { typed: true }));
  }
  expect(standing(world, of).kind).toBe('as-decided');
}

function type({ state }: World, words: string): EditorState {
  let end = 0;
  state.doc.forEach((section, at) => {
    if (section.attrs['key'] === 'findings') end = at + section.nodeSize - 1;
  });
  return state.apply(state.tr.insert(end, state.schema.node('paragraph', null, state.schema.text(words))));
}
function insert({ state }: World, at: number, words: string): EditorState {
  const place = state.doc.resolve(Math.min(at, state.doc.content.size));
  if (!place.parent.isTextblock) return state;
  const tr = state.tr.insertText(words, place.pos);
  return keepsSections(tr, state) ? state.apply(tr) : state;
}
function restart({ state }: World): EditorState {
  const undoOf = writeUndo(state, 262_144);
  const stored = toNode(fromNode(state.doc));
  const back = undoOf === null ? null : readUndo(undoOf, stored, past());
  if (undoOf !== null) expect(back && undoDepth(back)).toBe(undoDepth(state));
  return back ?? EditorState.create({ doc: stored, plugins: past() });
}

/** Read without any of the code under test: the plain forms that these texts are made of. */
function speaksAgainst(world: World, { label: of, verdict }: Decision): boolean {
  const name = labels.find((one) => one === of);
  return spans(world).some(({ text }) => {
    const plain = text.toLowerCase().replace(/[.,]+$/, '');
    if (!name || plain.match(new RegExp(names[name], 'g'))?.length !== 1) return false;
    if (verdict !== 'rejected') return plain === `no ${names[name]}`;
    return new RegExp(
      `^(small |large |known )?${names[name]}( on the (left|right)| is likely| is possible|,? likely|,? possible)?$`,
    ).test(plain);
  });
}

test('1.1 whatever the order, a text that stands against a decision is named, and what was typed stays', () => {
  fc.assert(
    fc.property(fc.array(op, { maxLength: 14 }), (ops) => {
      const world: World = {
        state: EditorState.create({ doc: toNode(documentOf(sources)), plugins: past() }),
        verdicts: [],
      };
      const run = (command: typeof undo) => command(world.state, (tr) => (world.state = world.state.apply(tr)));
      for (const one of ops) {
        if (one.act === 'undo') run(undo);
        else if (one.act === 'redo') run(redo);
        else if (one.act === 'restart') world.state = restart(world);
        else if (one.act === 'type') world.state = type(world, filled(one.wording, one.label));
        else if (one.act === 'insert') world.state = insert(world, one.at, one.words);
        else if (one.act === 'follow') follow(world, one.label);
        else if (one.act === 'modified') judge(world, one.label, 'modified', filled(one.wording, one.label));
        else if (one.act === 'rejected')
          judge(world, one.label, 'rejected', one.denies ? filled('No {}.', one.label) : '');
        else if (one.act === 'accepted')
          judge(world, one.label, 'accepted', one.label === 'emphysema' ? 'Emphysema.' : '');
        for (const decision of decisionsOf(world.verdicts))
          if (speaksAgainst(world, decision))
            expect(standingOf(drafted, world.verdicts, decision.label, spans(world)).kind).toBe('stands');
      }
    }),
    { numRuns: 400 },
  );
});
