/** Whether CUDA's side-loaded libraries are what their list says; that they also run is what the packs' self-tests say. */
import { createCuda } from '#backend/engine/cuda.ts';
import { LIST } from '#backend/engine/sideLoad.ts';
import type { SideLoadPlace } from '#backend/engine/sideLoadPlace.ts';
import type { Finding } from './doctorPlaces.ts';

/** Nothing to say where ONNX Runtime cannot load CUDA at all. */
export async function checkCuda(place: SideLoadPlace | null): Promise<Finding[]> {
  const found = await createCuda(place).check('cuda');
  if (!found) return [];
  const what = 'CUDA libraries';
  if (found.state === 'none')
    return [{ what, state: 'ok', found: `none are side-loaded; their place is ${found.folder}` }];
  if (found.state === 'refused') return [{ what, state: 'failed', found: `${found.reason}. None of them is used` }];
  const { files, folder, list } = found;
  return [
    {
      what,
      state: 'ok',
      found: `${files.length} files in ${folder} are the ones that ${LIST} names (${list.slice(0, 16)})`,
    },
  ];
}
