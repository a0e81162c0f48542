/** What commands of the window may ask of the editor. */
import type { TextPlan } from '#core/report/decided.ts';

/** How many sentences went, and how many are new. */
export interface TextChange {
  out: number;
  written: number;
}

export interface EditorHandle {
  focus: () => void;
  /** Writes a sentence of the reader's at the end of the findings; false where the text cannot be written. */
  add: (sentence: string) => boolean;
  /** Writes a phrase at the caret and into its sections; false where the text cannot be written. */
  insert: (text: string) => boolean;
  /** Each answers which place is the present one (−1: none) and how many there are. */
  find: {
    search: (query: string) => { at: number; count: number };
    step: (by: 1 | -1) => { at: number; count: number };
    replace: (text: string, all: boolean) => { at: number; count: number };
  };
  /**
   * Carries a decision on a finding out in the text, as one step that can be undone; `typed`: also in sentences that the
   * reader wrote in. null where the text cannot be written.
   */
  decide: (plan: TextPlan, how: { typed: boolean }) => TextChange | null;
  /** What may be meant by the unknown word at the caret, or by the next one. */
  spelling: () => void;
  undo: () => void;
  redo: () => void;
  /** Scrolls what is pointed out into sight, when what lies around the text has changed its size. */
  reveal: () => void;
  /** Moves the caret to the next (1) or previous (−1) sentence. */
  step: (by: 1 | -1) => void;
}
