/**
 * Runs a script under the Node 24 that npm installed, whichever Node runs npm: `node scripts/node24.cjs FILE …`.
 * Plain CommonJS, because an older Node must be able to read it. Not by `node_modules/.bin/node`: npm 10 takes that
 * link away again when it leaves out the packages for other platforms.
 */
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { constants } = require('node:os');
const path = require('node:path');

const modules = path.resolve(__dirname, '../node_modules');
const program = process.platform === 'win32' ? 'node.exe' : 'node';
const own = path.join(modules, `node-${process.platform.replace('win32', 'win')}-${process.arch}`, 'bin', program);
const node = existsSync(own) ? own : process.execPath;

if (node === process.execPath && Number.parseInt(process.versions.node, 10) < 24) {
  console.error(`Expected Node 24 from npm ci, found Node ${process.versions.node}. Run npm ci, or install Node 24.`);
  process.exit(2);
}

// What the script starts finds this Node first, and the tools in node_modules/.bin next.
const places = [path.dirname(node), path.join(modules, '.bin'), process.env.PATH];
const child = spawn(node, process.argv.slice(2), {
  stdio: 'inherit',
  env: { ...process.env, PATH: places.join(path.delimiter) },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
