/** Which API a command calls, and with whose credentials. */
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../../infra/cli/connect.ts';

const credentials = {
  MFA_CLIENT_ID: 'importer',
  MFA_CLIENT_SECRET: 's',
  MFA_TOKEN_URL: 'https://id.example.com',
};

describe('which API is called, and as whom', () => {
  it('is the local stack without a word, on the port that it was told', () => {
    const local = {
      tokenUrl: 'http://127.0.0.1:3000/oauth2/token',
      clientId: 'admin',
      clientSecret: 'local',
    };
    expect(targetOf({}, credentials, 'admin')).toEqual({ api: 'http://127.0.0.1:3000', ...local });
    expect(targetOf({ stage: 'local' }, { PORT: '3001' }, 'admin').api).toBe('http://127.0.0.1:3001');
    expect(targetOf({ api: 'http://localhost:9' }, {}, 'helpdesk')).toMatchObject({ clientId: 'helpdesk' });
  });

  it('is the one that is named, with the credentials of the environment', () => {
    const api = 'https://mfa.example.com';
    expect(targetOf({ api }, { ...credentials, MFA_SCOPE: 'api://mfa/.default' }, 'admin')).toEqual({
      api,
      tokenUrl: 'https://id.example.com',
      clientId: 'importer',
      clientSecret: 's',
      scope: 'api://mfa/.default',
    });
  });

  it('names what is missing, all of it, before anything is sent', () => {
    const api = 'https://mfa.example.com';
    expect(() => targetOf({ api }, { MFA_CLIENT_ID: 'importer' }, 'admin')).toThrow(
      'MFA_CLIENT_SECRET, MFA_TOKEN_URL: set in the environment what https://mfa.example.com is called with',
    );
    expect(() => targetOf({ api, stage: 'production' }, credentials, 'admin')).toThrow('give one of them');
    expect(() => targetOf({ stage: 'never-deployed' }, credentials, 'admin')).toThrow(
      '--stage never-deployed: the last deployment from this folder was not of it',
    );
  });
});
