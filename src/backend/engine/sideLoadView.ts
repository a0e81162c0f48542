/**
 * What an engine process may load: a folder of its own that links to ONNX Runtime's library and to the verified files,
 * and to nothing else. ONNX Runtime takes a provider from the folder that its own library was loaded from, and only the
 * provider's needs from the dynamic linker's path: both are this folder (LD_LIBRARY_PATH).
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const RUNTIME = 'libonnxruntime.so.1';

export interface SideLoadView {
  folder: string;
  remove(): Promise<void>;
}

export async function viewOf({ folder, files }: { folder: string; files: string[] }): Promise<SideLoadView> {
  const view = await mkdtemp(path.join(tmpdir(), 'raddraft-cuda-')); // 0700
  await symlink(runtimeLibrary(), path.join(view, RUNTIME));
  for (const name of files) await symlink(path.join(folder, name), path.join(view, name));
  return { folder: view, remove: () => rm(view, { recursive: true, force: true }) };
}

function runtimeLibrary(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node'); // …/dist/index.js
  return path.resolve(path.dirname(entry), '../bin/napi-v6', process.platform, process.arch, RUNTIME);
}
