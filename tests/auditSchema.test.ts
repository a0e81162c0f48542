/** The log's XML against the schema that DICOM prints for audit messages (PS3.15 A.5.1.1), by libxml2's validator. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { auditEvents } from '#core/audit/events.ts';
import { auditMessage, xmlWriter, type ExportedRow } from '#core/audit/export.ts';

const schema = path.resolve('tests/golden/audit-message.rng');
const here = spawnSync('xmllint', ['--version']).status === 0;
const folder = mkdtempSync(path.join(tmpdir(), 'raddraft-audit-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row: ExportedRow = {
  seq: 7,
  at: Date.UTC(2026, 0, 5, 8, 30, 1, 250),
  actor: 'reader',
  event: 'report.signed',
  subject: 'draft-1',
  detail: '{"kind":"final","number":2}',
  previous: '0'.repeat(64),
  hash: 'a'.repeat(64),
};

/** The files that are not valid, by name. */
function invalid(messages: Record<string, string>): string[] {
  const files = Object.entries(messages).map(([name, text]) => {
    const file = path.join(folder, `${name}.xml`);
    writeFileSync(file, text);
    return file;
  });
  const { stderr } = spawnSync('xmllint', ['--noout', '--nonet', '--relaxng', schema, ...files], { encoding: 'utf8' });
  const said = stderr.split('\n');
  expect(said.filter((line) => /Relax-NG (parser )?error : .*schema|failed to compile/i.test(line))).toEqual([]);
  return Object.keys(messages).filter((name) => !said.includes(`${path.join(folder, `${name}.xml`)} validates`));
}

describe.skipIf(!here)(here ? '1 audit messages' : '1 audit messages (skipped: no xmllint)', () => {
  test('1.1 every event that the log knows, and one that it does not, is a valid message', () => {
    const events = [...Object.keys(auditEvents), 'something.else'];
    expect(events.length).toBeGreaterThan(40);
    const messages = Object.fromEntries(events.map((event) => [event, auditMessage({ ...row, event }, 'RadDraft')]));
    expect(invalid(messages)).toEqual([]);
  });

  test('1.2 what may stand in a row makes none invalid', () => {
    const odd = {
      actor: `a"b<&'>\u0001é\ud800`,
      subject: '',
      detail: '{"é":"😀 \\u0000 <x>"}',
      event: 'no such & event',
    };
    const messages = {
      odd: auditMessage({ ...row, ...odd }, 'a "host" & <another>'),
      nobody: auditMessage({ ...row, actor: '', subject: ' \r\n' }, ''),
      first: auditMessage({ ...row, at: 0 }, 'x'),
    };
    expect(invalid(messages)).toEqual([]);
  });

  test('1.3 an exported file is such messages inside one element', () => {
    const writer = xmlWriter('RadDraft');
    const rows = [row, { ...row, seq: 8, event: 'session.failed' }];
    const file = writer.begin + rows.map((one, index) => writer.row(one, index === 0)).join('') + writer.end;
    const parts = [...file.matchAll(/<AuditMessage>.*?<\/AuditMessage>/gs)].map(([text]) => text);
    expect(parts).toHaveLength(2);
    expect(file.replace(/<AuditMessage>.*?<\/AuditMessage>/gs, '').replace(/\s/g, '')).toBe(
      '<?xmlversion="1.0"encoding="UTF-8"?><AuditMessages></AuditMessages>',
    );
    expect(invalid(Object.fromEntries(parts.map((text, index) => [`part-${index}`, text])))).toEqual([]);
  });

  test('1.4 the validator refuses what the standard does not allow', () => {
    const good = auditMessage(row, 'RadDraft');
    const wrong = {
      'no-requestor': good.replace(' UserIsRequestor="true"', ''),
      'no-time': good.replace(/ EventDateTime="[^"]*"/, ''),
      'other-time': good.replace(/EventDateTime="[^"]*"/, 'EventDateTime="05.01.2026 08:30"'),
      'other-outcome': good.replace('EventOutcomeIndicator="0"', 'EventOutcomeIndicator="1"'),
      'other-role': good.replace(/ParticipantObjectTypeCodeRole="[^"]*"/, 'ParticipantObjectTypeCodeRole="27"'),
      'plain-detail': good.replace(/(type="row" value=")[^"]*/, '$1{7}'),
      'no-source': good.replace(/<AuditSourceIdentification .*<\/AuditSourceIdentification>/, ''),
      'other-order': good.replace(
        /(<EventIdentification .*<\/EventIdentification>)(<ActiveParticipant [^>]*>)/,
        '$2$1',
      ),
    };
    expect(Object.values(wrong).filter((text) => text === good)).toEqual([]);
    expect(invalid(wrong)).toEqual(Object.keys(wrong));
  });
});
