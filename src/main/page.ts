/** The window's files under a scheme of their own, `app://raddraft/`: no file:// and no server. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol, type IpcMainEvent, type IpcMainInvokeEvent, type Session } from 'electron';
import { PAGE_HEADERS, PAGE_TYPES } from '#contract/csp.ts';

const ORIGIN = 'app://raddraft/';
export const PAGE = `${ORIGIN}index.html`;

/** Whether it is the page itself that speaks, in its main frame. */
export const isOurs = ({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean =>
  senderFrame?.parent === null && senderFrame.url.split('#')[0] === PAGE;

/** Before the application is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves `folder`; whatever else the page asks for, on the disk or on a network, is not answered. */
export function servePage(session: Session, folder: string): void {
  session.protocol.handle('app', async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const file = path.join(folder, decodeURIComponent(pathname));
    const type = PAGE_TYPES[path.extname(file)];
    const mine = host === 'raddraft' && method === 'GET' && file.startsWith(folder + path.sep) && type;
    const bytes = mine ? await readFile(file).catch(() => null) : null;
    if (!bytes || !type) return new Response('Not found.', { status: 404, headers: PAGE_HEADERS });
    return new Response(new Uint8Array(bytes), { headers: { ...PAGE_HEADERS, 'Content-Type': type } });
  });
  session.webRequest.onBeforeRequest((details, decide) => {
    const own = details.url.startsWith(ORIGIN) || /^(blob|data|devtools):/.test(details.url);
    decide({ cancel: !own });
  });
}
