/** `phrase.*` and `template.*`: phrases and templates of this workstation, and those that are brought in. */
import { hash } from 'node:crypto';
import { phrasesOf, removePhrase, savePhrase } from '../db/phrases.ts';
import { readTemplateFile } from '../templates/templates.ts';
import type { Area, Services } from './context.ts';

type Names = 'phrase.list' | 'phrase.save' | 'phrase.remove' | 'template.read' | 'template.keep';

export function phraseCalls(services: Services): Area<Names> {
  const { store, now, newId, broadcast } = services;
  return {
    'phrase.list': async () => phrasesOf(store.read),
    'phrase.save': async ({ id, ...phrase }) => {
      const whole = { ...phrase, id: id ?? newId(), login: services.actor, at: now(), template: null };
      const saved = store.write((write) => savePhrase(write, whole));
      broadcast('phrase.changed', {});
      return saved;
    },
    'template.read': ({ bytes }) => readTemplateFile(bytes),
    'template.keep': async ({ bytes, ...phrase }) => {
      const { text, source, leftOut } = await readTemplateFile(bytes);
      const whole = { ...phrase, text, id: newId(), login: services.actor, at: now(), template: source };
      const imported = { sha256: hash('sha256', bytes), leftOut: leftOut.length };
      const saved = store.write((write) => savePhrase(write, whole, imported));
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
