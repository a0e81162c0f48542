/** Who may come in: a token that works once becomes a session cookie. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface Door {
  /** The token that works now. */
  token(): string;
  /** The cookie for a token that works, which then works no more; null for any other. */
  exchange(token: string): string | null;
  admits(cookieHeader: string | undefined): boolean;
}

/** The cookie carries the port in its name: cookies do not know ports, and two programs may run here. */
export function openDoor(port: number): Door {
  const name = `raddraft-${port}`;
  let token = secret();
  const sessions: string[] = [];
  return {
    token: () => token,
    exchange(offered) {
      if (!same(offered, token)) return null;
      token = secret();
      const session = secret();
      sessions.push(session);
      return `${name}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    admits(header = '') {
      const offered = header
        .split(';')
        .map((part) => part.trim())
        .filter((part) => part.startsWith(`${name}=`))
        .map((part) => part.slice(name.length + 1));
      return offered.some((value) => sessions.some((session) => same(value, session)));
    },
  };
}

const secret = (): string => randomBytes(32).toString('base64url');
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
