/** The form of a pack's `SIGNATURE` file and of the list of keys that a site trusts. */
import * as z from 'zod';

/** 32 bytes: an Ed25519 public key (RFC 8032), in base64. */
export const PublicKey = z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'expected 32 bytes in base64');

/** `SIGNATURE`: over the bytes of `pack.json`, which names the hash of everything else. */
export const PackSignature = z.object({
  algorithm: z.literal('ed25519'),
  key: PublicKey,
  /** 64 bytes in base64. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'expected 64 bytes in base64'),
});
export type PackSignature = z.infer<typeof PackSignature>;

/** What an administrator has decided: whose packs are taken, and whether unsigned ones are. */
export const TrustList = z.object({
  keys: z.array(z.object({ name: z.string().min(1).max(100), key: PublicKey })).default([]),
  allowUnsigned: z.boolean().default(false),
});
export type TrustList = z.infer<typeof TrustList>;
