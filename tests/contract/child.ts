/** The far end in a process of its own. `plain`: one line. `windows`: many windows over it, as Electron's main relays. */
import process from 'node:process';
import { windowsOver } from '#backend/shell/windows.ts';
import { childProcess } from '#contract/ports/childProcess.ts';
import { ABORTED } from './transports.ts';
import { serveEcho } from './echo.ts';

const aborted = () => {
  process.exitCode = ABORTED;
};
if (process.argv[2] === 'plain') serveEcho(childProcess(process), aborted);
else
  windowsOver(
    {
      send: (message) => void process.send?.(message),
      onMessage: (listener) => process.on('message', listener),
    },
    (port) => serveEcho(port, aborted),
  );
