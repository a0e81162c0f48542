/** One lasting line over ports that come and go. The other end is the real `serve`. */
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { product } from '#contract/calls.ts';
import { messagePort } from '#contract/ports/messagePort.ts';
import type { Handlers, Port } from '#contract/protocol.ts';
import { serve } from '#contract/rpc.ts';
import type { Product } from '#contract/calls.ts';
import { StudyId } from '#core/study/ids.ts';
import { createLink, type LinkState } from './link.ts';

/** A backend that knows one call; it never answers while `silent`. */
function backend(rows: number, silent = false) {
  const { port1, port2 } = new MessageChannel();
  const handlers = {
    'audit.verify': () =>
      silent ? new Promise(() => undefined) : Promise.resolve({ rows, intact: true, problem: '' }),
  } as unknown as Handlers<Product>;
  const { emit } = serve(messagePort(port1), product, handlers);
  return { port: messagePort(port2), emit, close: () => port1.close() };
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

test('1.1 a call made before there is a port waits for the first one', async () => {
  let deliver: (port: Port) => void = () => undefined;
  const link = createLink((to) => (deliver = to));
  const answer = link.api['audit.verify']({});
  const one = backend(3);
  deliver(one.port);
  expect((await answer).rows).toBe(3);
  one.close();
});

test('1.2 a lost line fails calls with `closed`, says so, and goes on with the next port', async () => {
  let deliver: (port: Port) => void = () => undefined;
  const states: LinkState[] = [];
  const link = createLink((to) => (deliver = to));
  link.onState((state) => states.push(state));
  const one = backend(1, true);
  deliver(one.port);
  const hanging = link.api['audit.verify']({});
  await turn();
  one.close();
  await expect(hanging).rejects.toMatchObject({ code: 'closed' });
  await expect(link.api['audit.verify']({})).rejects.toMatchObject({ code: 'closed' });
  const two = backend(2);
  deliver(two.port);
  expect((await link.api['audit.verify']({})).rows).toBe(2);
  expect(states).toEqual(['open', 'lost', 'open']);
  two.close();
});

test('1.3 a port that was replaced without a word is given up: its calls fail, its events are not heard', async () => {
  let deliver: (port: Port) => void = () => undefined;
  const link = createLink((to) => (deliver = to));
  const heard: string[] = [];
  link.on('study.changed', ({ study }) => heard.push(study));
  const one = backend(1, true);
  deliver(one.port);
  const hanging = link.api['audit.verify']({});
  await turn();
  const two = backend(2);
  deliver(two.port);
  await expect(hanging).rejects.toMatchObject({ code: 'closed' });
  one.emit('study.changed', { study: StudyId.parse('1.1') });
  two.emit('study.changed', { study: StudyId.parse('2.2') });
  await expect.poll(() => heard).toEqual(['2.2']);
  one.close();
  two.close();
});
