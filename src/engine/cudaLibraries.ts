/** What the system says of side-loaded libraries that do not load: ONNX Runtime tells it to its log alone. */
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const DRIVER = 'libcuda.so.1';

/** The engine was started with one folder to load from (backend/engine/sideLoadView). The middle of a sentence. */
export function whyNotLoaded(): string {
  const library = path.join(process.env['LD_LIBRARY_PATH'] ?? '', 'libonnxruntime_providers_cuda.so');
  try {
    process.dlopen({ exports: {} }, library, os.constants.dlopen.RTLD_LAZY);
  } catch (error) {
    const [said = ''] = error instanceof Error ? error.message.split('\n') : [];
    const [, missing] = /^(\S+): cannot open shared object file/.exec(said) ?? [];
    if (missing === DRIVER) return `the driver of an NVIDIA card is not installed (${DRIVER})`;
    if (missing !== undefined) return `${path.basename(missing)} is not there; side-load it too`;
    // What loads is no module of Node's, which it says.
    if (!said.includes('did not self-register'))
      return `its side-loaded libraries do not load (${said.replaceAll(/\/\S*\//g, '').slice(0, 160)})`;
  }
  return 'its side-loaded libraries do not fit this ONNX Runtime';
}
