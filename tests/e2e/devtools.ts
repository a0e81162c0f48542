/** A page driven over Chromium's DevTools protocol alone, for a program whose fuses keep the usual driver out. */
import * as z from 'zod';

const Target = z.object({ type: z.string(), url: z.string(), webSocketDebuggerUrl: z.string() });
const Answer = z.object({
  id: z.int(),
  result: z.record(z.string(), z.unknown()).optional(),
  error: z.object({ message: z.string() }).optional(),
});

export interface RemotePage {
  url: string;
  /** The value of an expression in the page; waits for a promise. */
  evaluate(expression: string): Promise<unknown>;
  /** Text as an input method enters it, where the focus is. */
  insertText(text: string): Promise<unknown>;
  screenshot(): Promise<Buffer>;
  close(): void;
}

/** `browser`: what the program printed, `ws://127.0.0.1:PORT/…`. Null as long as there is no page. */
export async function remotePage(browser: string): Promise<RemotePage | null> {
  const { host } = new URL(browser);
  const listed: unknown = await (await fetch(`http://${host}/json/list`)).json();
  const target = z
    .array(Target)
    .parse(listed)
    .find(({ type }) => type === 'page');
  if (!target) return null;
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((open, fail) => {
    socket.addEventListener('open', open, { once: true });
    socket.addEventListener('error', () => fail(new Error('expected the page to answer')), { once: true });
  });
  const waiting = new Map<number, (answer: z.infer<typeof Answer>) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = Answer.safeParse(JSON.parse(String(data))).data;
    if (answer) waiting.get(answer.id)?.(answer);
  });
  let next = 1;
  const send = (method: string, params: object): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error) reject(new Error(error.message));
        else resolve(result ?? {});
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    url: target.url,
    async evaluate(expression) {
      const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      return z.object({ value: z.unknown().optional() }).parse(result).value;
    },
    insertText: (text) => send('Input.insertText', { text }),
    async screenshot() {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(z.string().parse(data), 'base64');
    },
    close: () => socket.close(),
  };
}
