/** Something that asks for the person's password again: while it runs nothing is asked, and what is typed is forgotten after it. */
import { AppError } from '#contract/errors.ts';
import { wordsOf } from '../state/words.ts';

export type PasswordAct = ReturnType<typeof createPasswordAct>;

/** `perform` throws what the person is to read; `stop` is told to it by its signal. */
export function createPasswordAct(perform: (password: string, signal: AbortSignal) => Promise<void>) {
  let password = $state('');
  let busy = $state(false);
  let error = $state('');
  let running = new AbortController();

  return {
    get password() {
      return password;
    },
    set password(typed: string) {
      password = typed;
    },
    get busy() {
      return busy;
    },
    get error() {
      return error;
    },
    async run(): Promise<void> {
      if (busy || password === '') return;
      busy = true;
      error = '';
      running = new AbortController();
      try {
        await perform(password, running.signal);
      } catch (thrown) {
        const stopped = thrown instanceof AppError && thrown.code === 'cancelled';
        error = stopped ? 'Stopped. Nothing was changed.' : wordsOf(thrown);
      } finally {
        password = '';
        busy = false;
      }
    },
    stop: () => running.abort(),
    forgetError: () => (error = ''),
  };
}
