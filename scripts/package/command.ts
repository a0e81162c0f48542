/** `bin/raddraft` of the Linux program: a word of the command line goes there, anything else opens the window. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** `program`: the unpacked program. The commands are the ones that its own help names. */
export function writeCommand(program: string): void {
  const cli = path.join(program, 'resources/app.asar.unpacked/dist/node/cli.mjs');
  const { stdout } = spawnSync(process.execPath, [cli, '--help'], { encoding: 'utf8' });
  const commands = [...new Set([...stdout.matchAll(/^ {2}raddraft ([a-z]+)/gm)].map(([, name]) => name))];
  if (commands.length === 0) throw new Error('expected commands in the help of the command line, found none');
  mkdirSync(path.join(program, 'bin'), { recursive: true });
  writeFileSync(path.join(program, 'bin', 'raddraft'), script(commands.join(' | ')), { mode: 0o755 });
}

/**
 * Electron cannot start without a display, also where nothing is shown: over a network line a Node that lies in the
 * program (of a test build) runs the command itself, with the key file as in browser mode; else xvfb-run lends a
 * display. Chromium refuses to run sandboxed as root; without a window no page runs in it.
 */
const script = (commands: string): string => `#!/bin/sh
here="$(dirname "$(readlink -f "$0")")/.."
program="$here/raddraft"
case "\${1-}" in
  ${commands} | help | --help | --version) ;;
  *) exec "$program" "$@" ;;
esac
if [ -z "\${DISPLAY-}\${WAYLAND_DISPLAY-}" ] && [ -x "$here/resources/node/node" ]; then
  unset NODE_OPTIONS
  exec "$here/resources/node/node" "$here/resources/app.asar.unpacked/dist/node/cli.mjs" "$@"
fi
set -- --disable-gpu --log-level=3 --cli "$@"
[ "$(id -u)" = 0 ] && set -- --no-sandbox "$@"
[ -n "\${DISPLAY-}\${WAYLAND_DISPLAY-}" ] && exec "$program" "$@"
command -v xvfb-run >/dev/null && exec xvfb-run -a "$program" "$@"
echo "raddraft: Expected a display, found none. Run it from the desktop, or install xvfb, which lends one." >&2
exit 2
`;
