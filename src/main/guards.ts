/** What no window may do (Electron's security checklist): go elsewhere, reach a network, open windows, ask for devices. */
import type { App, Session } from 'electron';
import { PAGE } from './page.ts';

export function guardContents(app: App): void {
  // Neither a page's policy nor a session's filter sees WebRTC: no name or address resolves, and there is no UDP.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, url) => {
      if (url !== PAGE) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  // Dictionaries would be fetched.
  session.setSpellCheckerEnabled(false);
}
