import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type MailContent, MailTemplate } from './mail-template';

const ANN = { name: 'Ann', locale: 'en', currency: 'USD' };

describe('a template of a mail', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'cartwright-template-'));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  function render(source: string, data: object = {}): MailContent {
    const file = path.join(directory, 'mail.hbs');
    writeFileSync(file, source);
    return new MailTemplate(file).render({ ...ANN, ...data }, 'Käse & Brot');
  }

  const BODY = `About {{what}}
{{#> mail heading="News" reason="you read"}}
{{#> paragraph}}
It is about
{{what}},
{{money price}}.
{{/paragraph}}

{{#> paragraph}}More on {{date at}}.{{/paragraph}}

{{/mail}}
`;

  const FACTS = { what: 'cheese', price: 1999, at: '2026-11-20T09:30:00.000Z' };

  it('has its subject in the first line, and both forms of the rest', () => {
    const { subject, html, text } = render(BODY, FACTS);
    expect(subject).toBe('About cheese');
    expect(text).toBe(
      [
        'News',
        '',
        'Hello Ann,',
        '',
        'It is about cheese, $19.99.',
        '',
        'More on November 20, 2026 at 9:30 AM UTC.',
        '',
        '-- ',
        'Käse & Brot',
        'You get this mail because you read Käse & Brot.',
      ].join('\n'),
    );
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain('<bdi>$19.99</bdi>');
    expect(html).toContain('Käse &amp; Brot');
  });

  it('greets who has no name', () => {
    const { html, text } = render(BODY, { ...FACTS, name: null });
    expect(text).toContain('\nHello,\n');
    expect(html).toContain('>Hello,<');
  });

  it('writes what is filled in as text in both forms', () => {
    const what = '<b>&amp;</b>\r\n\u001b[2J\u202eeseehc';
    const { subject, html, text } = render(BODY, { ...FACTS, what });
    expect(subject).toBe('About <b>&amp;</b> [2J eseehc');
    expect(text).toContain('It is about <b>&amp;</b> [2J eseehc, $19.99.');
    expect(html).toContain('&lt;b&gt;&amp;amp;&lt;/b&gt; [2J eseehc');
  });

  it('keeps amounts that are written from right to left apart from their neighbours', () => {
    const { html, text } = render(BODY, { ...FACTS, locale: 'ar-EG' });
    expect(text).toMatch(/cheese, \u2068[^\u2068\u2069]+\u2069\./);
    expect(html).toMatch(/<bdi>\u200f?١٩٫٩٩.US\$<\/bdi>/);
  });

  it('is not sent with a gap where something is missing', () => {
    expect(() => render(BODY, { ...FACTS, what: undefined })).toThrow(/"what" not defined/);
    expect(() => render(`Hi\n{{> nowhere}}`)).toThrow(/nowhere/);
  });
});
