/** A slow line on purpose: answers to one call are held back until they are let go; everything else passes. */
import type { Page } from 'playwright-core';
import * as z from 'zod';
import { decode } from '#contract/frame.ts';

const Sent = z.object({ t: z.literal('call'), id: z.int(), name: z.string() });
const Answered = z.object({ t: z.enum(['ok', 'err']), id: z.int() });

export function heldAnswers(call: string) {
  const ids = new Set<number>();
  const kept: (() => void)[] = [];
  let open = false;
  let arrived = () => {};
  /** The first answer is there, and held. */
  const held = new Promise<void>((resolve) => (arrived = resolve));
  const route = (page: Page) =>
    page.routeWebSocket(/\/rpc\b/, (line) => {
      const server = line.connectToServer();
      line.onMessage((frame) => {
        const sent = Sent.safeParse(messageOf(frame));
        if (sent.success && sent.data.name === call) ids.add(sent.data.id);
        server.send(frame);
      });
      server.onMessage((frame) => {
        const answered = Answered.safeParse(messageOf(frame));
        const pass = () => line.send(frame);
        if (open || !answered.success || !ids.has(answered.data.id)) return pass();
        kept.push(pass);
        arrived();
      });
    });
  const release = () => {
    open = true;
    for (const pass of kept.splice(0)) pass();
  };
  /** From now on; before `release` it is so from the start. */
  const hold = () => (open = false);
  return { route, held, release, hold };
}

const messageOf = (frame: string | Buffer): unknown => (typeof frame === 'string' ? null : decode(frame));
