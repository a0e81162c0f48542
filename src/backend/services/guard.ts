/** The one door to every call: who asks, and whether that may be (contract/roles). No shell has a way around it. */
import { product, type Product } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import type { Handlers } from '#contract/protocol.ts';
import { access, type Access } from '#contract/roles.ts';
import { DraftId } from '#core/study/ids.ts';
import { callAs, NOBODY, type Caller } from './calling.ts';
import type { Seat, Sessions } from './sessions.ts';

type AnyHandler = (input: unknown, context: unknown) => Promise<unknown>;

/** The handlers as one window gets them. */
export function guarded(
  handlers: Handlers<Product>,
  seat: Seat,
  sessions: Sessions,
  answered: (name: string, input: unknown, output: unknown, caller: Caller) => void,
): Handlers<Product> {
  const answer = (name: string, handler: AnyHandler): AnyHandler => {
    const rule: Access | undefined = Object.hasOwn(access, name) ? access[name as keyof typeof access] : undefined;
    return async (input, context) => {
      const caller = admit(rule, input, seat, sessions);
      const { session } = seat;
      const output = await callAs(caller, () => handler(input, context));
      // Somebody else may sit there by now: what was asked before is not for them.
      if (session && seat.session !== session && !isSignIn(name))
        throw new AppError('signed-out', 'The session ended before the answer was there.');
      answered(name, input, output, caller);
      const draft = draftIn(output);
      if (draft) session?.drafts.add(draft);
      return output;
    };
  };
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [name, answer(name, handler as AnyHandler)]),
  ) as unknown as Handlers<Product>;
}

const isSignIn = (name: string): boolean => name.startsWith('session.') || name.startsWith('people.');

/** AppError `signed-out`, `locked-out`, `forbidden`, `refused`. */
function admit(rule: Access | undefined, input: unknown, seat: Seat, sessions: Sessions): Caller {
  if (!rule) throw new AppError('forbidden', 'Nobody may make this call.');
  const { state, person } = sessions.look(seat);
  if (state.kind === 'evaluation') {
    if (rule.evaluation) return { actor: state.actor, person: null, seat };
    throw new AppError(
      'refused',
      'There are no people at this workstation yet, so nobody can sign. Create the first administrator.',
    );
  }
  if (state.kind === 'signed-out') {
    if (rule.for === 'anyone') return { actor: NOBODY, person: null, seat };
    throw new AppError('signed-out', state.reason || 'Nobody is signed in at this window. Sign in first.');
  }
  if (!person) throw new AppError('signed-out', 'Nobody is signed in at this window. Sign in first.');
  const { id, login, name, roles } = person;
  const caller = { actor: login, person: { id, login, name, roles }, seat };
  if (state.kind === 'locked' && rule.locked !== true && !(rule.locked === 'own-text' && ownText(input, seat)))
    throw new AppError('locked-out', 'This window is locked. Give your password to go on.');
  if (person.mustChangePassword && !rule.firstPassword)
    throw new AppError('forbidden', 'Expected a password of your own first. Change the one that you were given.');
  if (typeof rule.for !== 'string' && !rule.for.some((role) => roles.includes(role)))
    throw new AppError('forbidden', `Expected ${rule.for.join(' or ')}, found ${roles.join(' and ')}. Ask who may.`);
  return caller;
}

/** In a locked window only the text that it had open is saved. */
function ownText(input: unknown, seat: Seat): boolean {
  if (typeof input !== 'object' || input === null || !('draft' in input)) return false;
  const draft = DraftId.safeParse(input.draft);
  return draft.success && (seat.session?.drafts.has(draft.data) ?? false);
}

/** The report that an answer brought to the window. */
function draftIn(output: unknown): DraftId | null {
  if (typeof output !== 'object' || output === null || !('draft' in output)) return null;
  const { draft } = output;
  const id = typeof draft === 'object' && draft !== null && 'id' in draft ? draft.id : draft;
  return DraftId.safeParse(id).data ?? null;
}

/** Events that tell of studies, by what they carry; the others tell of the program. */
const ofStudies: ReadonlySet<string> = new Set(
  Object.entries(product.events)
    .filter(([, { def }]) => 'shape' in def && ['study', 'draft', 'analysis'].some((field) => field in def.shape))
    .map(([name]) => name),
);

/** A window hears of studies only while somebody who may open them sits there. */
export function mayHear(event: string, seat: Seat, sessions: Sessions): boolean {
  if (!ofStudies.has(event)) return true;
  const { state } = sessions.look(seat);
  if (state.kind === 'evaluation') return true;
  return state.kind === 'signed-in' && state.roles.some((role) => access['study.open'].for.includes(role));
}
