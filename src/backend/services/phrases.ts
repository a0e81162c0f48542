/** `phrase.*`: phrases and templates of this workstation. */
import { phrasesOf, removePhrase, savePhrase } from '../db/phrases.ts';
import type { Area, Services } from './context.ts';

export function phraseCalls(services: Services): Area<'phrase.list' | 'phrase.save' | 'phrase.remove'> {
  const { store, now, newId, broadcast } = services;
  return {
    'phrase.list': async () => phrasesOf(store.read),
    'phrase.save': async ({ id, ...phrase }) => {
      const whole = { ...phrase, id: id ?? newId(), login: services.actor, at: now() };
      const saved = store.write((write) => savePhrase(write, whole));
      broadcast('phrase.changed', {});
      return saved;
    },
    'phrase.remove': async ({ id }) => {
      store.write((write) => removePhrase(write, id, { at: now(), actor: services.actor }));
      broadcast('phrase.changed', {});
      return {};
    },
  };
}
