/** Every state of the pages: size, policy, forms, headings. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { languages } from '../../../shared/domain/text/language.ts';
import { signInFields } from '../../../shared/pages/sign-in-form.ts';
import { frame, renderState, session, stateNames } from '../../pages/states.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const all = (text: string, pattern: RegExp) => Array.from(text.matchAll(pattern), ([, found = '']) => found);
const policyOf = (headers: Readonly<Record<string, string>>) =>
  new Map(
    (headers['content-security-policy'] ?? '')
      .split('; ')
      .map((rule) => [rule.slice(0, rule.indexOf(' ')), rule.slice(rule.indexOf(' ') + 1)]),
  );

describe.each(stateNames)('the page %s', (name) => {
  const { headers, body } = renderState(name, frame);

  test('is small in every language', () => {
    for (const language of languages) {
      const page = renderState(name, { ...frame, language });
      expect(Buffer.byteLength(page.body)).toBeLessThan(15_000);
      expect(page.body).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
      expect(page.body.replace(/<(script|style)>.*?<\/\1>/gs, '')).not.toMatch(/\{(?!time\})\w+\}|undefined/);
    }
  });

  test('runs its own style and script by their hashes, and nothing else', () => {
    const policy = policyOf(headers);
    expect(policy.get('style-src')).toBe(
      all(body, /<style>(.*?)<\/style>/gs)
        .map(hash)
        .join(' '),
    );
    expect(policy.get('script-src')).toBe(
      all(body, /<script>(.*?)<\/script>/gs)
        .map(hash)
        .join(' ') || "'none'",
    );
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('frame-ancestors')).toBe("'none'");
    expect(policy.get('base-uri')).toBe("'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
    expect(body).not.toMatch(/\sstyle=|\son[a-z]+="/);
  });

  test('lets forms go where its own forms go', () => {
    const target = policyOf(headers).get('form-action');
    const actions = all(body, /<form [^>]*action="([^"]*)"/g);
    expect(target).toBe(name.startsWith('answer-') ? 'https://client.example' : "'self'");
    for (const action of actions) {
      expect(action).toMatch(
        target === "'self'" ? /^\/(sign-in|not-me)\/[\w-]+$/ : /^https:\/\/client\.example\//,
      );
    }
  });

  test('is kept by nobody and framed by nobody', () => {
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe(name.startsWith('answer-') ? 'strict-origin' : 'same-origin');
  });

  test('posts an act that the door knows, with its fields and its step', () => {
    const forms = all(body, /<form (.*?)<\/form>/gs).filter((form) => form.includes('"/sign-in/'));
    expect(forms.length > 0).toBe(body.includes('data-here='));
    for (const form of forms) {
      const [act = ''] = all(form, /name="act" value="([^"]+)"/g);
      const named = all(form, / name="([^"]+)"/g).filter((field) => !['act', 'step'].includes(field));
      const known: readonly string[] =
        act === 'answers' ? ['answer-1', 'answer-2', 'answer-3'] : signInFields[act as 'code'];
      expect([...new Set(named)]).toEqual(known);
      expect(form).toContain(`name="step" value="${session.step}"`);
    }
  });

  test('has one heading of the first level, a title, and says so first when a form came back', () => {
    expect(all(body, /<h1>(.*?)<\/h1>/g)).toHaveLength(1);
    const [title = ''] = all(body, /<title>(.*?)<\/title>/g);
    expect(title.startsWith('Error: ')).toBe(body.includes('class="problem"'));
    expect(title).toMatch(/ – Example Organisation$/);
  });

  test('labels and describes its fields by what stands on it, once', () => {
    const ids = all(body, /\sid="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    for (const target of all(body, /(?:\sfor|aria-labelledby)="([^"]+)"|href="#([^"]+)"/g)) {
      if (target !== '') expect(ids).toContain(target);
    }
    for (const list of all(body, /aria-describedby="([^"]+)"/g)) {
      for (const one of list.split(' ')) expect(ids).toContain(one);
    }
  });
});

test.each(['not-me', 'not-me-stopped'] as const)(
  '%s submits nothing by itself, and says that whoever is signed in stays so',
  (name) => {
    const { body, headers } = renderState(name, frame);
    expect(body).not.toMatch(/<script|http-equiv/);
    expect(headers).not.toHaveProperty('refresh');
    expect(body).toContain('Where somebody is already signed in, they stay signed in.');
  },
);

test('names and addresses of a stage, a person and a client are text on every page', () => {
  const evil = `"><img src=x onerror=alert(1)>'`;
  const branding = {
    organisation: evil,
    supportContact: evil,
    colour: evil,
    logo: `data:image/png;base64,${evil}`,
  };
  for (const name of stateNames) {
    expect(renderState(name, { ...frame, branding }).body).not.toContain('<img src=x');
  }
});

test('every page of a session can be left, and every page names the support line', () => {
  for (const name of stateNames) {
    const { body } = renderState(name, frame);
    expect(body).toContain('<a href="mailto:help@example.com" dir="ltr">help@example.com</a>');
    if (body.includes('data-here=')) expect(body).toContain('name="act" value="give-up"');
  }
});
