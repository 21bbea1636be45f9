/** Intrinsic functions, names and parameters of a template as the local stack resolves them. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of Fn::Sub
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readAssembly } from '../../../../infra/local/template/assembly.ts';
import { createTemplate } from '../../../../infra/local/template/template.ts';
import { writeAssembly } from '../fixtures/assembly.ts';

const directory = writeAssembly();
afterAll(() => rmSync(directory, { recursive: true }));

const assembly = readAssembly(directory);
const template = createTemplate(assembly, {
  origin: 'http://127.0.0.1:4321',
  queueOrigin: () => 'http://127.0.0.1:5555',
});

const environment = (id: string) => {
  const [, resource] = template.ofType('AWS::Lambda::Function').find(([each]) => each === id) ?? [];
  return (template.resolve(resource?.Properties['Environment'], id) as { Variables: unknown }).Variables;
};

describe('the template', () => {
  it('gives the functions physical names, URLs and ARNs in place of intrinsics', () => {
    expect(environment('Echo')).toEqual({
      TABLE_NAME: 'Table',
      WORK_QUEUE_URL: 'http://127.0.0.1:5555/000000000000/Work',
      PEPPER_KEYS: expect.stringMatching(/^1=arn:aws:kms:eu-central-1:000000000000:key\/[0-9a-f-]{36}$/),
      FLOW_ID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      API_URL: 'http://127.0.0.1:4321',
    });
  });

  it('moves loopback URLs of the stage to the port that is served', () => {
    expect(template.resolve({ Issuer: 'http://127.0.0.1:3000/oauth2' }, 'x')).toEqual({
      Issuer: 'http://127.0.0.1:4321/oauth2',
    });
  });

  it('substitutes names, attributes, own variables and escapes in Fn::Sub', () => {
    const value = { 'Fn::Sub': ['${AWS::Region} ${Table.Arn} ${own} ${!kept}', { own: { Ref: 'Table' } }] };
    expect(template.text(value, 'x')).toBe(
      'eu-central-1 arn:aws:dynamodb:eu-central-1:000000000000:table/Table Table ${kept}',
    );
  });

  it('keeps the names of keys from one start to the next, since data was made with them', () => {
    const again = createTemplate(assembly, {
      origin: 'http://127.0.0.1:1',
      queueOrigin: () => 'http://127.0.0.1:2',
    });
    expect(again.names('Pepper')).toEqual(template.names('Pepper'));
  });

  it.each([
    [{ 'Fn::ImportValue': 'other' }, 'Consumer: the local stack does not resolve Fn::ImportValue'],
    [{ 'Fn::If': ['a', 'b', 'c'] }, 'Consumer: the local stack does not resolve Fn::If'],
    [
      { 'Fn::GetAtt': ['Table', 'StreamArn'] },
      'Consumer: Fn::GetAtt Table.StreamArn (AWS::DynamoDB::GlobalTable) has no value in the local stack',
    ],
    [{ Ref: 'Nowhere' }, 'Consumer: Ref Nowhere (no such resource) has no value in the local stack'],
    [{ 'Fn::Select': [9, ['a']] }, 'Consumer: Fn::Select 9 is out of range'],
  ])('refuses %j and says where it stands', (value, message) => {
    expect(() => template.resolve(value, 'Consumer')).toThrow(message);
  });

  it('finds the folder of a function by the key of its asset', () => {
    expect(assembly.assets.get('echo.zip')).toBe(`${directory}/asset.echo`);
  });

  it('says what to do when there is no assembly', () => {
    expect(() => readAssembly('/nowhere')).toThrow('/nowhere/manifest.json cannot be read; synthesize first');
  });
});
