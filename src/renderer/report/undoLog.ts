/**
 * Undo that outlives the window. ProseMirror's history cannot be written down, its steps can: this plugin keeps, beside
 * the history, the text that the oldest undo leads to and the steps of every undo since. At the next opening the steps
 * are played again into a fresh history, which then undoes them as if nobody had been away; where they do not lead to
 * the very text that is stored, they are dropped. Redo ends with the window.
 */
import { closeHistory, isHistoryTransaction, undoDepth } from 'prosemirror-history';
import { Node } from 'prosemirror-model';
import { EditorState, Plugin, PluginKey, TextSelection, type Transaction } from 'prosemirror-state';
import { Step } from 'prosemirror-transform';
import * as z from 'zod';
import { schema } from './schema.ts';

/** How many undos are kept. */
export const UNDO_EVENTS = 200;

interface UndoEvent {
  /** Anchor and head of the selection before it. */
  selection: readonly [number, number];
  steps: readonly Step[];
}
interface UndoLog {
  base: Node;
  /** Oldest first; played one after the other, they lead from `base` to the text as it stands. */
  events: readonly UndoEvent[];
}

const undoKey = new PluginKey<UndoLog>('undo log');

/** To stand behind the history among the plugins. */
export const undoLog = (): Plugin<UndoLog> =>
  new Plugin<UndoLog>({
    key: undoKey,
    state: {
      init: (_config, { doc }) => ({ base: doc, events: [] }),
      apply: (tr, log, before, after) => (tr.docChanged ? logged(tr, log, before, after) : log),
    },
  });

function logged(tr: Transaction, { base, events }: UndoLog, before: EditorState, after: EditorState): UndoLog {
  const [had, has] = [Number(undoDepth(before)), Number(undoDepth(after))];
  const nothing = { base: tr.doc, events: [] };
  if (isHistoryTransaction(tr) && has < had) return events.length > 0 ? { base, events: events.slice(0, -1) } : nothing;
  if (!isHistoryTransaction(tr) && tr.getMeta('addToHistory') === false) return nothing;
  const last = events.at(-1);
  // The history takes what is typed in one go together; so must this.
  if (last && has === had && !isHistoryTransaction(tr))
    return { base, events: [...events.slice(0, -1), { ...last, steps: joined(last.steps, tr.steps) }] };
  const { anchor, head } = before.selection;
  return shortened({ base, events: [...events, { selection: [anchor, head], steps: joined([], tr.steps) }] });
}

function joined(steps: readonly Step[], more: readonly Step[]): readonly Step[] {
  const all = [...steps];
  for (const step of more) {
    const one = all.at(-1)?.merge(step);
    if (one) all[all.length - 1] = one;
    else all.push(step);
  }
  return all;
}

/** The oldest ones go, and the text that they lead from goes along. */
function shortened(log: UndoLog, most = UNDO_EVENTS): UndoLog {
  const gone = log.events.slice(0, Math.max(0, log.events.length - most));
  const base = gone.flatMap(({ steps }) => steps).reduce((doc, step) => step.apply(doc).doc ?? doc, log.base);
  return { base, events: log.events.slice(gone.length) };
}

const Stored = z.object({
  base: z.unknown(),
  events: z
    .array(z.object({ selection: z.tuple([z.int(), z.int()]), steps: z.array(z.record(z.string(), z.unknown())) }))
    .max(UNDO_EVENTS),
});

/** At most `most` characters; null where nothing can be undone, or not even the newest undo fits. */
export function writeUndo(state: EditorState, most: number): string | null {
  const log = undoKey.getState(state);
  for (let keep = log?.events.length ?? 0; log && keep > 0; keep = Math.floor(keep / 2)) {
    const { base, events } = shortened(log, keep);
    const text = JSON.stringify({
      base: base.toJSON() as unknown,
      events: events.map(({ selection, steps }) => ({
        selection,
        steps: steps.map((step) => step.toJSON() as unknown),
      })),
    });
    if (text.length <= most) return text;
  }
  return null;
}

/**
 * A state over `doc` whose history undoes what `undo` holds. `history` and `log` are the plugins of the editor that will
 * be, alone: the others see the text when it stands. null where the steps do not lead to `doc`.
 */
export function readUndo(undo: string, doc: Node, plugins: readonly Plugin[]): EditorState | null {
  try {
    const stored = Stored.parse(JSON.parse(undo));
    const base = Node.fromJSON(schema, stored.base);
    base.check();
    let state = EditorState.create({ doc: base, plugins: [...plugins] });
    for (const { selection, steps } of stored.events) {
      const [anchor, head] = selection.map((place) => state.doc.resolve(Math.min(place, state.doc.content.size)));
      if (anchor && head) state = state.apply(state.tr.setSelection(TextSelection.between(anchor, head)));
      const tr = closeHistory(state.tr);
      for (const step of steps) tr.step(Step.fromJSON(schema, step));
      state = state.apply(tr);
    }
    return state.doc.eq(doc) ? state : null;
  } catch {
    return null; // what an older version wrote, or a text that the steps do not fit: nothing can be undone then
  }
}
