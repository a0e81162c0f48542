/** Loaded into the program that is measured (`--import`): watches its loop between `begin` and `end`. */
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { watchLoop, type Pause } from './pauses.ts';

if (isMainThread) {
  let end: (() => Pause) | null = null;
  process.on('message', (message) => {
    if (message === 'begin') end = watchLoop();
    if (message === 'end') process.send?.(end?.());
    else process.send?.('begun');
  });
  process.channel?.unref();
}
