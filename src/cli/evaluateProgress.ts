/** How far an evaluation is, on standard error: a bar on a terminal, else a line every tenth. */
import type { WriteStream } from 'node:tty';

const WIDTH = 30;

export interface Progress {
  step(done: number): void;
  say(text: string): void;
}

export function progressOn(out: Pick<WriteStream, 'write' | 'isTTY'>, total: number, now: () => number): Progress {
  const began = now();
  let [first, tenth] = [-1, -1];
  return {
    say: (text) => void out.write(`${out.isTTY ? '\r\u001b[K' : ''}raddraft: ${text}\n`),
    step(done) {
      if (first < 0) first = done;
      const share = total === 0 ? 1 : done / total;
      const seconds = (now() - began) / 1000;
      const rate = seconds > 0 ? (done - first) / seconds : 0;
      const left = rate > 0 && done < total ? `, about ${timeOf((total - done) / rate)} left` : '';
      const text = `${done} of ${total} films${rate > 0 ? `, ${rate.toFixed(1)} a second` : ''}${left}`;
      if (out.isTTY) {
        const filled = Math.round(share * WIDTH);
        out.write(`\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${text}${done === total ? '\n' : ''}`);
      } else if (Math.floor(share * 10) > tenth) {
        tenth = Math.floor(share * 10);
        out.write(`raddraft: ${text}\n`);
      }
    },
  };
}

const timeOf = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
