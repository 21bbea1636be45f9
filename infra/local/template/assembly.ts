/** Reads a synthesized cloud assembly: the stack's resources and the folders of its file assets. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  /** `Stack/construct/…/Resource`, where the assembly tells. */
  readonly path?: string;
}

export interface Assembly {
  /** Resources by logical id. */
  readonly resources: Readonly<Record<string, Resource>>;
  /** Region the stack was synthesized for. */
  readonly region: string;
  /** Absolute folder or file of a file asset, by the key under which it would be uploaded. */
  readonly assets: ReadonlyMap<string, string>;
}

interface RawResource extends Pick<Resource, 'Type'> {
  readonly Properties?: Resource['Properties'];
  readonly Metadata?: { readonly 'aws:cdk:path'?: string };
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: { readonly templateFile?: string; readonly file?: string };
}

/** @throws when the folder holds no assembly, or not exactly one stack. */
export function readAssembly(directory: string): Assembly {
  const manifest = readJson<{ artifacts?: Record<string, Artifact> }>(directory, 'manifest.json');
  const artifacts = Object.values(manifest.artifacts ?? {});
  const stacks = artifacts.filter(({ type }) => type === 'aws:cloudformation:stack');
  const stack = stacks[0];
  if (stack?.properties?.templateFile === undefined || stacks.length !== 1) {
    throw new Error(`${directory} holds ${stacks.length} stacks; the local stack serves exactly one`);
  }
  const template = readJson<{ Resources: Record<string, RawResource> }>(
    directory,
    stack.properties.templateFile,
  );
  const resources = Object.entries(template.Resources).map(([id, { Type, Properties = {}, Metadata }]) => {
    const path = Metadata?.['aws:cdk:path'];
    return [id, { Type, Properties, ...(path === undefined ? {} : { path }) }] as const;
  });
  const manifests = artifacts.filter(({ type }) => type === 'cdk:asset-manifest');
  return {
    resources: Object.fromEntries(resources),
    region: regionOf(stack.environment),
    assets: new Map(manifests.flatMap(({ properties }) => fileAssets(directory, properties?.file))),
  };
}

/** Environment as the assembly writes it: `aws://account/region`, either of them possibly `unknown-…`. */
function regionOf(environment = ''): string {
  const region = environment.split('/').at(-1) ?? '';
  return region === '' || region.startsWith('unknown-') ? 'eu-central-1' : region;
}

interface AssetManifest {
  readonly files?: Record<
    string,
    { source: { path?: string }; destinations: Record<string, { objectKey: string }> }
  >;
}

function fileAssets(directory: string, file: string | undefined): [key: string, path: string][] {
  if (file === undefined) return [];
  return Object.values(readJson<AssetManifest>(directory, file).files ?? {}).flatMap(
    ({ source: { path }, destinations }) =>
      path === undefined
        ? []
        : Object.values(destinations).map(({ objectKey }): [string, string] => [
            objectKey,
            resolve(directory, path),
          ]),
  );
}

function readJson<T>(directory: string, file: string): T {
  try {
    return JSON.parse(readFileSync(join(directory, file), 'utf8')) as T;
  } catch (error) {
    throw new Error(`${join(directory, file)} cannot be read; synthesize first`, { cause: error });
  }
}
