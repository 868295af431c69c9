import { ApiBody, ApiOkResponse } from '@nestjs/swagger';

const EXAMPLE = [
  'sku,name,description,price,currency,stock,categoryPath,imageUrl,featured,status,attributes',
  'MUG-1,Blue Mug,Holds tea.,19.99,USD,12,Kitchen > Mugs,https://img.example.com/mug.jpg,true,active,"{""color"": ""blue""}"',
  '',
].join('\n');

const COLUMNS = `RFC 4180 in UTF-8, with or without a BOM, lines ended by LF or CRLF. The first row names the columns, in
any order: \`sku\`, \`name\` and \`price\` at least.

| column | holds |
| --- | --- |
| \`sku\` | 1 to 64 characters: which product it is. A sku that comes twice fails the second time |
| \`name\` | 1 to 300 characters |
| \`description\` | at most 10,000 characters, white space kept |
| \`price\` | in major units, with no more digits than the currency has |
| \`currency\` | ISO 4217; the store's for a new product unless told |
| \`stock\` | a whole number, 0 to 1,000,000,000 |
| \`categoryPath\` | at most 100 names from the root, separated by \` > \`; a \` > \` inside a name is written \` \\> \`. Missing categories are made |
| \`imageUrl\` | http or https |
| \`featured\` | \`true\` or \`false\` |
| \`status\` | \`draft\`, \`active\` or \`archived\` |
| \`attributes\` | a JSON object of at most 50 strings, numbers and booleans |

An empty cell leaves the value as it is, or gives a new product the default. The word \`null\` clears \`description\`,
\`categoryPath\`, \`imageUrl\` and \`attributes\`. An apostrophe in front of \`=\`, \`+\`, \`-\`, \`@\`, the word \`null\` or
nothing is taken off.`;

/** Documents the body of the import. */
export const ApiCatalogueUpload = (): MethodDecorator =>
  ApiBody({
    required: true,
    description: COLUMNS,
    schema: { type: 'string' },
    examples: { catalogue: { summary: 'One product', value: EXAMPLE } },
  });

/** Documents the answer of the export. */
export const ApiCatalogueFile = (): MethodDecorator =>
  ApiOkResponse({
    description: 'The columns of an import, all of them, in the order of the example.',
    content: { 'text/csv': { schema: { type: 'string' }, example: EXAMPLE } },
  });
