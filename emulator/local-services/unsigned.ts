import type { S3ClientConfig } from '@aws-sdk/client-s3';

/** The part of a client's settings that makes it send requests as nobody, as a bucket that everybody may read expects them. */
export const UNSIGNED: Pick<S3ClientConfig, 'credentials' | 'signer'> = {
  credentials: { accessKeyId: 'nobody', secretAccessKey: 'nobody' }, // a client without any would go and look for some
  signer: { sign: async request => request },
};
