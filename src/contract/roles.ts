/** Who may make which call. A call without an entry is a compile error; the backend refuses whatever is not here. */
import type { Role } from '#core/people/person.ts';
import type { Product } from './calls.ts';

type CallName = keyof Product['calls'];

/**
 * `anyone`: also before sign-in. `person`: whoever is signed in, whatever their role. Else the roles that may.
 * While there are no people yet every call is answered except those that need a person (`evaluation: false`).
 */
export interface Access {
  for: 'anyone' | 'person' | readonly Role[];
  /** Answered while there are no people yet. */
  evaluation: boolean;
  /** Answered in a locked window: `own-text` saves only the text that the window had open. */
  locked: boolean | 'own-text';
  /** Answered while the person still has the password that an administrator gave. */
  firstPassword: boolean;
}

const allow = (to: Access['for'], more: Partial<Access> = {}): Access => ({
  for: to,
  evaluation: true,
  locked: false,
  firstPassword: false,
  ...more,
});

const anyone = allow('anyone', { locked: true, firstPassword: true });
const own = allow('person', { evaluation: false, firstPassword: true });
const person = allow('person');
const reads = allow(['radiologist', 'auditor']);
const writes = allow(['radiologist']);
const saves = allow(['radiologist'], { locked: 'own-text' });
const signs = allow(['radiologist'], { evaluation: false });
const sets = allow(['radiologist', 'administrator']);
const administers = allow(['administrator'], { evaluation: false });
const looksAfter = allow(['administrator']);
const audits = allow(['auditor', 'administrator']);
const inspects = allow(['auditor']);
const reviews = allow(['auditor'], { evaluation: false });

export const access = {
  'app.state': anyone,
  'settings.get': anyone,
  'settings.set': sets,

  'study.list': reads,
  'study.open': reads,

  'upload.begin': writes,
  'upload.piece': writes,
  'import.run': writes,
  'import.known': writes,
  'import.lists': reads,
  'import.list': reads,
  'import.picture': writes,
  'import.demo': writes,

  'image.preview': reads,
  'image.info': reads,
  'image.pixels': reads,

  'draft.open': reads,
  'draft.make': writes,
  'draft.write': writes,
  'draft.save': saves,
  'draft.keep': writes,
  'draft.versions': reads,
  'draft.version': reads,
  'analysis.saliency': reads,

  'engine.choose': sets,
  'packs.check': sets,
  'packs.install': looksAfter,
  'packs.remove': looksAfter,
  'packs.card': person,

  'session.state': anyone,
  'session.signIn': { ...anyone, evaluation: false },
  'session.resume': { ...anyone, evaluation: false },
  'session.share': { ...own, firstPassword: false },
  'session.join': { ...anyone, evaluation: false },
  'session.signOut': { ...own, locked: true },
  'session.lock': { ...own, locked: true },
  'session.unlock': { ...own, locked: true },
  'session.touch': allow('person', { firstPassword: true }),

  'people.first': anyone,
  'people.list': allow(['administrator', 'auditor']),
  'people.create': administers,
  'people.change': administers,
  'people.disable': administers,
  'people.resetPassword': administers,
  'people.changePassword': own,
  'security.get': allow('person', { firstPassword: true }),
  'security.set': administers,

  'report.status': reads,
  'report.review': reads,
  'report.preliminary': signs,
  'report.sign': signs,
  'report.addendum': signs,
  'report.saveAddendum': { ...signs, locked: 'own-text' },
  'report.correct': signs,
  'report.discard': writes,
  'report.stands': signs,
  'report.versions': reads,
  'report.earlier': reads,
  'report.version': reads,
  'report.output': reads,
  'checks.policy': person,
  'checks.setPolicy': administers,
  'finding.judge': writes,
  'finding.verdicts': reads,

  'audit.list': audits,
  'audit.verify': audits,
  'audit.head': audits,
  'audit.export': audits,

  'desk.list': inspects,
  'desk.choices': inspects,
  'desk.report': inspects,
  'desk.monitoring': inspects,
  'desk.export': inspects,
  'review.sample': reviews,
  'review.samples': inspects,
  'review.items': inspects,
  'review.give': reviews,
  'review.mine': signs,
  'review.answer': signs,
  'phrase.list': reads,
  'phrase.save': writes,
  'phrase.remove': writes,
  'template.read': writes,
  'template.keep': writes,
  'spelling.check': writes,
  'spelling.suggest': writes,
  'word.list': person,
  'word.add': writes,
  'word.remove': writes,
  'word.share': looksAfter,
  'word.unshare': looksAfter,
  'critical.of': reads,
  'critical.list': reads,
  'critical.found': writes,
  'critical.tell': writes,
  'critical.withdraw': writes,
  'keyImage.of': reads,
  'keyImage.picture': reads,
  'keyImage.keep': writes,
  'keyImage.remove': writes,

  'backup.make': looksAfter,
  'backup.list': looksAfter,
  'backup.restore': administers,
  'key.state': audits,
  'key.consent': administers,
  'key.change': administers,
} as const satisfies Record<CallName, Access>;
