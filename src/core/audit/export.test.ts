import { describe, expect, test } from 'vitest';
import { auditEvents } from './events.ts';
import { auditMessage, csvWriter, jsonWriter, xmlWriter, type ExportedRow } from './export.ts';

const row: ExportedRow = {
  seq: 7,
  at: Date.UTC(2026, 0, 5, 8),
  actor: 'reader',
  event: 'report.signed',
  subject: 'draft-1',
  detail: '{"kind":"final","number":2}',
  previous: '0'.repeat(64),
  hash: 'a'.repeat(64),
};
const nasty = { ...row, actor: `a"b<&'>\u0001é`, subject: '=cmd|x\r\n,y', detail: '{"é":"😀"}' };

/** An XML element; the parser takes well-formed XML without entities of its own, and throws at anything else. */
interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

function parseXml(text: string): Element {
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at}: ${text.slice(at, at + 40)}`);
  };
  const take = (pattern: RegExp): RegExpExecArray => {
    const sticky = new RegExp(pattern, 'y');
    sticky.lastIndex = at;
    const found = sticky.exec(text) ?? fail(`expected ${pattern.source}`);
    at = sticky.lastIndex;
    return found;
  };
  const decode = (raw: string) => {
    if (/[<]|[^\P{Cc}\t\n\r]/u.test(raw)) fail('a character that may not stand here');
    return raw.replace(/&([^;]*);|&/g, (all, name: string | undefined) => {
      const number = /^#(\d+)$/.exec(name ?? '')?.[1];
      return number === undefined ? fail(`not an entity: ${all}`) : String.fromCodePoint(Number(number));
    });
  };
  const element = (): Element => {
    const [, name = ''] = take(/<([A-Za-z]+)/);
    const attributes: Record<string, string> = {};
    for (;;) {
      const [, key, value = ''] = take(/(?:\s+([A-Za-z-]+)="([^"]*)")?/);
      if (key === undefined) break;
      if (key in attributes) fail(`${key} twice`);
      attributes[key] = decode(value);
    }
    const made: Element = { name, attributes, children: [], text: '' };
    if (take(/\s*(\/?)>/)[1] === '/') return made;
    for (;;) {
      made.text += decode(take(/[^<]*/)[0]);
      if (text.startsWith('</', at)) break;
      made.children.push(element());
    }
    take(new RegExp(`</${name}>`));
    return made;
  };
  take(/(?:<\?xml version="1\.0" encoding="UTF-8"\?>\n)?/);
  const root = element();
  take(/\s*/);
  if (at !== text.length) fail('more than one root');
  return root;
}

const coded = ['csd-code', 'codeSystemName', 'originalText'];
/** PS3.15 A.5.1: an element's attributes (those that must be there and are written) and its children, in order. */
const schema: Record<string, { attributes: string[]; children: string[] }> = {
  AuditMessage: {
    attributes: [],
    children: [
      'EventIdentification',
      'ActiveParticipant',
      'AuditSourceIdentification',
      'ParticipantObjectIdentification',
    ],
  },
  EventIdentification: {
    attributes: ['EventActionCode', 'EventDateTime', 'EventOutcomeIndicator'],
    children: ['EventID', 'EventTypeCode'],
  },
  EventID: { attributes: coded, children: [] },
  EventTypeCode: { attributes: coded, children: [] },
  ActiveParticipant: { attributes: ['UserID', 'UserIsRequestor'], children: [] },
  AuditSourceIdentification: { attributes: ['AuditSourceID'], children: ['AuditSourceTypeCode'] },
  AuditSourceTypeCode: { attributes: coded, children: [] },
  ParticipantObjectIdentification: {
    attributes: ['ParticipantObjectID', 'ParticipantObjectTypeCode', 'ParticipantObjectTypeCodeRole'],
    children: ['ParticipantObjectIDTypeCode', 'ParticipantObjectName', 'ParticipantObjectDetail'],
  },
  ParticipantObjectIDTypeCode: { attributes: coded, children: [] },
  ParticipantObjectName: { attributes: [], children: [] },
  ParticipantObjectDetail: { attributes: ['type', 'value'], children: [] },
};

function requireValid({ name, attributes, children }: Element): void {
  const rule = schema[name];
  expect(rule, name).toBeDefined();
  expect(Object.keys(attributes), name).toEqual(rule?.attributes);
  const order = children.map((child) => rule?.children.indexOf(child.name) ?? -1);
  expect(
    order.every((place, index) => place >= 0 && place >= (order[index - 1] ?? 0)),
    `${name}: ${children.map((one) => one.name).join()}`,
  ).toBe(true);
  for (const needed of rule?.children ?? [])
    expect(
      children.some((child) => child.name === needed),
      `${needed} in ${name}`,
    ).toBe(true);
  children.forEach(requireValid);
}

const within = (element: Element | undefined, ...path: string[]): Element[] =>
  path.reduce<Element[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    element ? [element] : [],
  );

describe('the log as a file', () => {
  test('1.1 audit messages are well-formed and as PS3.15 A.5.1 orders them, for every event', () => {
    for (const event of [...Object.keys(auditEvents), 'unheard.of'])
      requireValid(parseXml(auditMessage({ ...row, event }, 'here')));
    const message = parseXml(auditMessage(row, 'RadDraft on w1'));
    expect(within(message, 'EventIdentification')[0]?.attributes).toEqual({
      EventActionCode: 'U',
      EventDateTime: '2026-01-05T08:00:00.000Z',
      EventOutcomeIndicator: '0',
    });
    expect(within(message, 'EventIdentification', 'EventID')[0]?.attributes).toMatchObject({
      'csd-code': '110111',
      codeSystemName: 'DCM',
    });
    const details = within(message, 'ParticipantObjectIdentification', 'ParticipantObjectDetail').map(
      ({ attributes }) => [attributes['type'], Buffer.from(attributes['value'] ?? '', 'base64').toString()],
    );
    expect(Object.fromEntries(details)).toEqual({
      row: '7',
      detail: row.detail,
      previous: row.previous,
      hash: row.hash,
    });
  });

  test('1.2 failures, sign-in and the log’s own use have DICOM’s codes', () => {
    const idOf = (event: string) => {
      const message = parseXml(auditMessage({ ...row, event }, 'here'));
      const codes = within(message, 'EventIdentification', 'EventTypeCode').map(
        ({ attributes }) => attributes['csd-code'],
      );
      const { attributes } = within(message, 'EventIdentification')[0] ?? {};
      return [
        within(message, 'EventIdentification', 'EventID')[0]?.attributes['csd-code'],
        codes[0],
        attributes?.['EventOutcomeIndicator'],
      ];
    };
    expect(idOf('session.signed-in')).toEqual(['110114', '110122', '0']);
    expect(idOf('session.failed')).toEqual(['110114', '110122', '4']);
    expect(idOf('study.opened')).toEqual(['110103', 'study.opened', '0']);
    expect(idOf('log.viewed')).toEqual(['110101', 'log.viewed', '0']);
  });

  test('1.3 whatever stands in a row comes back out of each form', () => {
    const writer = xmlWriter('here');
    const root = parseXml(writer.begin + [row, nasty].map((one, n) => writer.row(one, n === 0)).join('') + writer.end);
    expect(root.children).toHaveLength(2);
    const message = root.children[1];
    expect(within(message, 'ActiveParticipant')[0]?.attributes['UserID']).toBe(`a"b<&'>\ufffdé`);
    expect(within(message, 'ParticipantObjectIdentification')[0]?.attributes['ParticipantObjectID']).toBe(
      '=cmd|x\r\n,y',
    );
    const detail = within(message, 'ParticipantObjectIdentification', 'ParticipantObjectDetail').find(
      ({ attributes }) => attributes['type'] === 'detail',
    );
    expect(Buffer.from(detail?.attributes['value'] ?? '', 'base64').toString()).toBe('{"é":"😀"}');

    const json = JSON.parse(
      jsonWriter.begin + [row, nasty].map((one, n) => jsonWriter.row(one, n === 0)).join('') + jsonWriter.end,
    ) as unknown[];
    expect(json).toEqual([row, nasty].map((one) => ({ ...one, time: '2026-01-05T08:00:00.000Z' })));
  });

  test('1.4 CSV: RFC 4180, and no cell that a spreadsheet would run', () => {
    const text = csvWriter.begin + csvWriter.row(nasty, true);
    const [head, ...rest] = text.split('\r\n');
    expect(head).toBe('seq,at,actor,event,subject,detail,previous,hash');
    expect(rest.join('\r\n')).toContain(`"'=cmd|x\r\n,y"`);
    expect(text).toContain(`"a""b<&'>\u0001é"`);
  });
});
