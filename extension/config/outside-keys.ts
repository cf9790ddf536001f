import * as z from 'zod/mini';

// The keys of "test" that say what a run may do outside of its worktree, and what is asked of it afterwards.

/** Name or address, without scheme or path; a port narrows it. `*.` stands for all names below. */
const target = z.string().check(z.regex(/^(\*\.)?([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(:[0-9]{1,5})?$/));

export const NetworkKey = z.strictObject({
  sandbox: z._default(z.array(target), []),
  allowSandboxWrites: z._default(z.boolean(), false),
  read: z._default(z.array(target), []),
});
export type NetworkKey = z.infer<typeof NetworkKey>;

/** http(s), no user or password in it. */
const address = z.string().check(
  z.refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, username, password, hash } = new URL(text);
    return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
  }),
);

export const smokeKey = <D extends z.ZodMiniType>(timeout: D) =>
  z.strictObject({
    url: address,
    status: z._default(z.int().check(z.minimum(100), z.maximum(599)), 200),
    json: z._default(
      z.record(
        z.string().check(z.regex(/^(\/([^~/]|~[01])*)*$/)),
        z.union([z.string(), z.number(), z.boolean(), z.null()]),
      ),
      {},
    ),
    timeout,
  });
