/**
 * How a task works.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/choosing-task-mode.html
 */
export enum TaskMode {
  /**
   * Lists everything, then transfers, then verifies. Works between all kinds of locations; an execution handles at most
   * 25 million items between AWS storage services, 50 million otherwise.
   */
  BASIC = 'BASIC',

  /**
   * Lists, transfers and verifies in parallel, without a limit on the number of items. Not available for FSx for Windows
   * File Server, FSx for NetApp ONTAP, FSx for OpenZFS and S3 on Outposts. Always logs to the group `/aws/datasync`.
   */
  ENHANCED = 'ENHANCED',
}
