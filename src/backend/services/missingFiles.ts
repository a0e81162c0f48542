/** What a DICOMDIR names and nobody found: said once an opening has seen all its files. */
import type { ImportEntry } from '#contract/calls.ts';
import type { Identity } from '../db/importLists.ts';
import { leadsOut, notThere, safeComponents, shownName } from '../sources/directory.ts';
import type { NamedFiles, Opening } from './openings.ts';
import { nothing } from './taking.ts';

export function missingFiles(opening: Pick<Opening, 'directories' | 'hasName'>): {
  identity: Identity;
  entry: ImportEntry;
}[] {
  return opening.directories.flatMap((directory) => missingOf(directory, opening));
}

function missingOf({ name, files }: NamedFiles, { hasName }: Pick<Opening, 'hasName'>) {
  const folder = name.replace(/dicomdir\.?(;1)?$/i, '');
  const listed = (file: string, reason: string) => ({
    // It may be there the next time: never the same as before.
    identity: { place: `${name}!/${file}`, bytes: -1, modified: -1 },
    entry: nothing(file, 'refused', reason),
  });
  const missing = files.flatMap((parts) => {
    const shown = folder + shownName(parts);
    if (!safeComponents(parts)) return [listed(shown, leadsOut().message)];
    return hasName(folder + parts.join('/')) ? [] : [listed(shown, notThere().message)];
  });
  if (files.length > 1 && missing.length === files.length)
    return [
      listed(
        name,
        `Expected the ${files.length} files that this DICOMDIR names, found none of them. Open the folder that it lies in.`,
      ),
    ];
  return missing;
}
