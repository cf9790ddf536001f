const MAGIC = 'openssh-key-v1\0';

/** Whether a private key file asks for a passphrase, by its format and not by what a parser says of it. */
export function isEncrypted(text: string): boolean {
  if (/^(Proc-Type: 4,ENCRYPTED|-----BEGIN ENCRYPTED PRIVATE KEY-----)/m.test(text)) return true;
  if (/^Encryption: (?!none)/m.test(text)) return true;
  const body = openSshBody(text);
  return body !== undefined && body.cipher !== 'none';
}

/** Whether the private part of a key is in a security key (FIDO). */
export function isSecurityKey(text: string): boolean {
  return openSshBody(text)?.rest.includes('sk-') ?? /^sk-/.test(text);
}

/** PROTOCOL.key of OpenSSH: the cipher's name comes first. */
function openSshBody(text: string): { cipher: string; rest: string } | undefined {
  const [, encoded] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text) ?? [];
  if (encoded === undefined) return;
  const body = Buffer.from(encoded, 'base64');
  if (body.toString('latin1', 0, MAGIC.length) !== MAGIC || body.length < MAGIC.length + 4) return;
  const from = MAGIC.length + 4;
  const to = from + body.readUInt32BE(MAGIC.length);
  return { cipher: body.toString('latin1', from, to), rest: publicPart(body) };
}

/** The type's name inside of the public key, which is never encrypted. */
function publicPart(body: Buffer): string {
  let at = MAGIC.length;
  const next = (): Buffer => {
    const length = at + 4 <= body.length ? body.readUInt32BE(at) : 0;
    const part = body.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return part;
  };
  for (let field = 0; field < 3; field++) next();
  at += 4;
  const key = next();
  return key.length < 4 ? '' : key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}
