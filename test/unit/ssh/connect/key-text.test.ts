import { expect, test } from 'vitest';
import { isEncrypted, isSecurityKey } from '../../../../runner-host/ssh/connect/key-text';

const openssh = (...fields: string[]): string => {
  const parts = fields.map((text) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text, 'latin1')]);
  });
  const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), ...parts]).toString('base64');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
};

test.each([
  ['a key of OpenSSH', openssh('aes256-ctr', 'bcrypt', ''), true],
  ['one without a passphrase', openssh('none', 'none', ''), false],
  ['a PEM file', '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n', true],
  ['a PKCS#8 file', '-----BEGIN ENCRYPTED PRIVATE KEY-----\n', true],
  ['a PuTTY file', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: aes256-cbc\n', true],
  ['one of PuTTY without a passphrase', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', false],
  ['nonsense', 'Encrypted, perhaps', false],
  ['a body that is cut off', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END', false],
])('whether %s asks for a passphrase', (_name, text, encrypted) => expect(isEncrypted(text)).toBe(encrypted));

test('a public key of a security key is one, another is not', () => {
  expect(isSecurityKey('sk-ssh-ed25519@openssh.com AAAA')).toBe(true);
  expect(isSecurityKey('ssh-ed25519 AAAA')).toBe(false);
  expect(isSecurityKey(openssh('none', 'none', ''))).toBe(false);
});
