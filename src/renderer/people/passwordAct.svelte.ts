/** Something that asks for the person's password again: while it runs nothing is asked, and what is typed is forgotten after it. */
import { wordsOf } from '../state/words.ts';

export type PasswordAct = ReturnType<typeof createPasswordAct>;

/** `perform` throws what the person is to read. */
export function createPasswordAct(perform: (password: string) => Promise<void>) {
  let password = $state('');
  let busy = $state(false);
  let error = $state('');

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
      try {
        await perform(password);
      } catch (thrown) {
        error = wordsOf(thrown);
      } finally {
        password = '';
        busy = false;
      }
    },
    forgetError: () => (error = ''),
  };
}
