/** Names for jobs, drawn by chance; works on plain loopback pages too, where `crypto.randomUUID` may be missing. */
import { JobId } from '#core/study/ids.ts';

export function newJobId(): JobId {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return JobId.parse(`w-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`);
}
