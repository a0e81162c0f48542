/** Everything that takes time and can be stopped: its name, its stage, how far it is. */
import type { StudyId, JobId } from '#core/study/ids.ts';
import type { Link } from '../link/link.ts';
import { newJobId } from './newId.ts';

export interface Job {
  id: JobId;
  name: string;
  study: StudyId | null;
  stage: string;
  done: number;
  total: number;
  cancelled: boolean;
  cancel: () => void;
}

export interface JobHandle {
  id: JobId;
  signal: AbortSignal;
  report: (progress: Partial<Pick<Job, 'stage' | 'done' | 'total'>>) => void;
}

export type Jobs = ReturnType<typeof createJobs>;

export function createJobs(link: Link) {
  let list = $state.raw<readonly Job[]>([]);
  const update = (id: JobId, patch: Partial<Job>) => {
    list = list.map((job) => (job.id === id ? { ...job, ...patch } : job));
  };
  link.on('job.progress', ({ job, stage, done, total }) => update(job, { stage, done, total }));

  return {
    get list() {
      return list;
    },
    of: (study: StudyId): Job | undefined => list.find((job) => job.study === study),
    /** The job is listed while `work` runs; its result or error is the caller's. */
    async run<T>(name: string, study: StudyId | null, work: (handle: JobHandle) => Promise<T>): Promise<T> {
      const id = newJobId();
      const controller = new AbortController();
      const cancel = () => {
        controller.abort();
        update(id, { cancelled: true });
      };
      list = [...list, { id, name, study, stage: '', done: 0, total: 0, cancelled: false, cancel }];
      try {
        return await work({ id, signal: controller.signal, report: (progress) => update(id, progress) });
      } finally {
        list = list.filter((job) => job.id !== id);
      }
    },
  };
}
