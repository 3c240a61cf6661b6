/** What blobs cost to keep, and to read. */
export enum AzureAccessTier {
  /** For what is read often. */
  HOT = 'HOT',
  /** For what is read seldom, and kept for 30 days at least. */
  COOL = 'COOL',
  /** For what is hardly ever read: Azure has to rehydrate it first. Nothing that is written so can be verified at the end. */
  ARCHIVE = 'ARCHIVE',
}
