import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Handlebars, { type HelperOptions } from 'handlebars';
import { formatInstant, formatMoney, formatNumber } from '../locale/formats';

/** What every mail says. */
export interface MailData {
  /** Whom it greets. */
  name: string | null;
  /** In which amounts and dates are written. */
  locale: string;
}

export interface MailContent {
  subject: string;
  html: string;
  text: string;
}

type Render = (data: object) => string;

/** How amounts, dates and numbers stand in a form of the mail. */
type Isolate = (text: string) => string | Handlebars.SafeString;

const OPTIONS = { strict: true, preventIndent: true };

/** An amount written from right to left would carry its neighbours along. */
const html = createForm(
  'html',
  (text) => new Handlebars.SafeString(`<bdi>${Handlebars.escapeExpression(text)}</bdi>`),
);
const text = createForm('text', (amount) => (isRightToLeft(amount) ? `\u2068${amount}\u2069` : amount));

/**
 * One mail in its two forms. The file's first line is the subject; the rest is made of the parts in `templates`, which
 * are there once for each form: in HTML everything that is filled in is escaped. Words of the file itself are in both
 * forms, so `&` and `<` are not for them.
 */
export class MailTemplate<Data extends MailData> {
  private readonly subject: Render;
  private readonly html: Render;
  private readonly text: Render;

  constructor(file: string) {
    const [subject = '', ...lines] = readFileSync(file, 'utf8').split('\n');
    const body = lines.join('\n').trim();
    this.subject = text(subject);
    this.html = html(body);
    this.text = text(body);
  }

  /** @throws Error when the data lack something that the template names */
  render(data: Data, storeName: string): MailContent {
    const root = clean({ ...data, storeName });
    return { subject: this.subject(root), html: this.html(root), text: tidy(this.text(root)) };
  }
}

/** A compiler for one form. */
function createForm(form: 'html' | 'text', isolate: Isolate): (source: string) => Render {
  const engine = Handlebars.create();
  const compile = (source: string): HandlebarsTemplateDelegate =>
    engine.compile(source, { ...OPTIONS, noEscape: form === 'text' });
  engine.registerHelper({
    money: (minor: number, { data }: HelperOptions) =>
      isolate(formatMoney(minor, data.root.currency, data.root.locale)),
    count: (value: number, { data }: HelperOptions) => isolate(formatNumber(value, data.root.locale)),
    date: (instant: string, { data }: HelperOptions) => isolate(formatInstant(instant, data.root.locale)),
    // In one line, however the template breaks it.
    line(this: unknown, { fn }: HelperOptions) {
      return fn(this)
        .replace(/[ \n]+/g, ' ')
        .trim();
    },
  });
  for (const file of partsOf(form))
    engine.registerPartial(path.parse(file).name, compile(readFileSync(file, 'utf8')));
  return compile;
}

/** The form's own, and those that are made of others and so serve both. */
function partsOf(form: 'html' | 'text'): string[] {
  return [form, 'both'].flatMap((name) => {
    const directory = path.join(__dirname, 'templates', name);
    return readdirSync(directory).map((file) => path.join(directory, file));
  });
}

const HARMFUL = / *[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+ */gu;

/** No text that somebody typed in breaks a line, moves a terminal's cursor or turns the writing direction. */
function clean(data: object): object {
  return JSON.parse(JSON.stringify(data), (_, value: unknown) =>
    typeof value === 'string' ? value.replace(HARMFUL, ' ').trim() : value,
  ) as object;
}

function tidy(form: string): string {
  return form.replace(/\n{3,}/g, '\n\n').trim();
}

function isRightToLeft(amount: string): boolean {
  return /[\p{Script=Arabic}\p{Script=Hebrew}\u200f]/u.test(amount);
}
