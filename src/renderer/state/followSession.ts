/** What a change of who sits here means for the window: nothing of one person is left open for the next. */
import type { SessionState } from '#contract/records.ts';
import type { Session } from './session.svelte.ts';

export function followSession(on: {
  session: Session;
  /** Somebody is inside who was not; `first`: for the first time since the window opened. */
  begin: (first: boolean) => void;
  unsaved: () => boolean;
  /** Takes the study and the dialogs away. */
  clear: () => void;
  /** Whose text waits in the window; null when none does. */
  keptFor: (login: string | null) => void;
}): { started(): void } {
  let ready = false;
  let inside = false;
  let first = true;
  let last: string | null = null;

  function enter(): void {
    if (!ready || inside || !on.session.inside) return;
    inside = true;
    on.begin(first);
    first = false;
  }

  on.session.onChange((now) => {
    if (now.kind === 'signed-out') {
      const waits = on.unsaved() && last !== null;
      on.keptFor(waits ? last : null);
      // A text that is not stored waits, covered, for its own person.
      if (!waits) on.clear();
      inside = false;
      return;
    }
    on.keptFor(null);
    const login = loginOf(now);
    if (login !== last) {
      if (last !== null) {
        on.clear();
        inside = false;
      } else if (!on.session.reads) on.clear(); // the first account opens no studies
      last = login;
    }
    enter();
  });

  return {
    started() {
      ready = true;
      enter();
    },
  };
}

const loginOf = (state: SessionState): string | null =>
  state.kind === 'signed-in' || state.kind === 'locked' ? state.login : null;
