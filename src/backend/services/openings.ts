/** Openings: what becomes of each file is listed as it happens, and an opening that was cut off goes on. */
import * as z from 'zod';
import type { ImportEntry, ImportList } from '#contract/calls.ts';
import { AppError } from '#contract/errors.ts';
import { append } from '../db/audit.ts';
import type { Write } from '../db/handles.ts';
import {
  addList,
  entriesOf,
  entryAt,
  importList,
  importLists,
  nextNumber,
  putEntry,
  putState,
  unfinishedList,
  type Counts,
  type Identity,
  type StoredList,
} from '../db/importLists.ts';
import type { Services } from './context.ts';
import type { Root } from './openingRoot.ts';

/** Entries that nothing was stored of are written together: so many, or after so long. */
const TOGETHER = 64;
const TOGETHER_MS = 1000;
const ABANDONED_MS = 30_000;

/** What a DICOMDIR names: what is missing of it is said at the end. */
export interface NamedFiles {
  name: string;
  files: string[][];
}

export interface Opening {
  /** What an unfinished opening of the same found, if the file is the same and what was stored of it is there. */
  known(identity: Identity): ImportEntry | null;
  /** Inside the transaction that stores the file; once that is committed, `stored` says so. */
  putWith(write: Write, identity: Identity, entry: ImportEntry): void;
  stored(): void;
  /** Nothing was stored of it; `settled`: reading the unchanged file again would say the same. */
  put(identity: Identity, entry: ImportEntry, settled: boolean): void;
  /** The second file of the same place gets another. */
  unique(identity: Identity): Identity;
  saw(name: string): void;
  /** Whether a file of this name was seen, in any case of its letters. */
  hasName(name: string): boolean;
  directories: NamedFiles[];
}

export interface Openings {
  /** The opening of a job: the same for all its calls. It goes on with an unfinished list of the same root. */
  of(job: string, root: Root): Opening;
  /** `done`: it came to its end. Writes what is left to write; throws AppError where the disk does not take it. */
  end(job: string, done: boolean): void;
  lists(): ImportList[];
  /** AppError `not-found`. */
  list(query: { id: string; outcome: ImportEntry['outcome'] | null; offset: number; limit: number }): {
    list: ImportList;
    entries: ImportEntry[];
    total: number;
  };
}

interface Running extends Opening {
  id: string;
  /** When it was last heard of. */
  touched: number;
  flush(ended: boolean): void;
}

interface Pending {
  identity: Identity;
  entry: ImportEntry;
  settled: boolean;
}

/** What the database holds of an opening after a transaction. */
interface State {
  key: number | null;
  next: number;
  counts: Counts;
}

export function createOpenings(services: Pick<Services, 'store' | 'now' | 'actor' | 'newId'>): Openings {
  const { store, now } = services;
  const running = new Map<string, Running>();
  /** A window that went away in the middle says nothing any more. */
  const isActive = (list: string): boolean =>
    [...running.values()].some(({ id, touched }) => id === list && now() - touched < ABANDONED_MS);

  function start(root: Root): Running {
    const unfinished = root.place === '' ? null : unfinishedList(store.read, root.place);
    const before = unfinished && !isActive(unfinished.id) ? unfinished : null;
    const id = before?.id ?? services.newId();
    let state: State = before
      ? { key: before.key, next: nextNumber(store.read, before.key), counts: before.counts }
      : { key: null, next: 0, counts: {} };
    let staged: State = state;
    let pending: Pending[] = [];
    let since = 0;
    const names = new Set<string>();
    const places = new Set<string>();

    /** The list's row is made with its first entry. Answers with the state that holds once it is committed. */
    function write(inside: Write, listed: readonly Pending[], ended: boolean): State {
      const key = state.key ?? addList(inside, { id, name: root.name, root: root.place, at: now() });
      const counts = { ...state.counts };
      let { next } = state;
      for (const { identity, entry, settled } of listed) {
        const old = before && entryAt(inside, key, identity.place);
        if (old) counts[old.entry.outcome] = (counts[old.entry.outcome] ?? 1) - 1;
        counts[entry.outcome] = (counts[entry.outcome] ?? 0) + 1;
        putEntry(inside, key, { number: old?.number ?? next++, identity, entry, settled });
      }
      putState(inside, key, { counts, endedAt: ended ? now() : null });
      return { key, next, counts };
    }

    function flush(ended: boolean): void {
      if (pending.length === 0 && !(ended && state.key !== null)) return;
      const listed = pending;
      pending = [];
      state = store.write((inside) => {
        const after = write(inside, listed, ended);
        append(inside, {
          at: now(),
          actor: services.actor,
          event: ended ? 'import.ended' : 'import.listed',
          subject: id,
          detail: { files: total(after.counts), refused: after.counts.refused ?? 0 },
        });
        return after;
      });
    }

    const opening: Running = {
      id,
      touched: now(),
      known(identity: Identity): ImportEntry | null {
        const old = before && entryAt(store.read, before.key, identity.place);
        if (!old?.settled || old.identity.bytes !== identity.bytes || old.identity.modified !== identity.modified)
          return null;
        const { instance } = old.entry;
        return instance === null || isStored(instance) ? old.entry : null;
      },
      putWith(inside: Write, identity: Identity, entry: ImportEntry): void {
        staged = write(inside, [{ identity, entry, settled: true }], false);
      },
      stored(): void {
        state = staged;
        opening.touched = now();
      },
      put(identity: Identity, entry: ImportEntry, settled: boolean): void {
        opening.touched = now();
        if (pending.length === 0) since = now();
        pending.push({ identity, entry, settled });
        if (pending.length >= TOGETHER || now() - since > TOGETHER_MS) flush(false);
      },
      unique(identity: Identity): Identity {
        let { place } = identity;
        for (let n = 2; places.has(place); n++) place = `${identity.place}#${n}`;
        places.add(place);
        return { ...identity, place };
      },
      saw: (name: string) => void names.add(name.toLowerCase()),
      hasName: (name: string) => names.has(name.toLowerCase()),
      directories: [],
      flush,
    };
    return opening;
  }

  function isStored(instance: string): boolean {
    const Row = z.object({ sha256: z.string() });
    const row = store.read.get(Row, 'SELECT sha256 FROM instances WHERE uid = ?', instance);
    return row !== null && store.objects.has(row.sha256);
  }

  const shown = ({ key: _, ended, ...list }: StoredList): ImportList => ({
    ...list,
    state: ended ? 'done' : isActive(list.id) ? 'running' : 'stopped',
  });

  return {
    of(job, root) {
      const made = running.get(job) ?? start(root);
      running.set(job, made);
      made.touched = now();
      return made;
    },
    end(job, done) {
      const ended = running.get(job);
      running.delete(job);
      ended?.flush(done);
    },
    lists: () => importLists(store.read).map(shown),
    list({ id, ...query }) {
      const found = importList(store.read, id);
      if (!found)
        throw new AppError(
          'not-found',
          'Expected a list that is kept, found none: the newest fifty are. Choose another.',
        );
      return { list: shown(found), ...entriesOf(store.read, found.key, query) };
    },
  };
}

const total = (counts: Counts): number => Object.values(counts).reduce((sum, n) => sum + n, 0);
