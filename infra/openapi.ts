/** `npm run openapi`: writes docs/openapi.json from the schemas and tables that the functions use, and the client's types. */
import { readFileSync, writeFileSync } from 'node:fs';
import { clientSchema } from './openapi/client-schema.ts';
import { openApiDocument } from './openapi/document.ts';

const at = (path: string) => new URL(`../${path}`, import.meta.url);
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string };
const document = openApiDocument(version);
writeFileSync(at('docs/openapi.json'), `${JSON.stringify(document, null, 2)}\n`);
writeFileSync(at('shared/client/schema.ts'), clientSchema(document));
