import { IResource, Resource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkArn } from '../private/arn';

/**
 * One side of a transfer.
 *
 * A location has no direction: the task that uses it decides whether it is read or written. It may be in another Region than the task
 * when it is a storage service of AWS and the other location of the task is in the task's Region.
 */
export interface ILocation extends IResource {
  /**
   * ARN of the location.
   *
   * @attribute
   */
  readonly locationArn: string;

  /**
   * Where the location is, such as `s3://bucket/prefix/` or `nfs://host/export/`.
   *
   * @attribute
   * @default - not known for a location that was imported by its ARN
   */
  readonly locationUri?: string;

  /**
   * The kind of storage. It is what lets a task check its pair of locations and its options.
   *
   * @default - not known for a location that was imported by its ARN: what depends on it is not checked
   */
  readonly locationType?: LocationType;
}

/**
 * The kinds of storage that the service transfers from and to.
 *
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/working-with-locations.html
 */
export enum LocationType {
  /** Amazon S3 in a Region. */
  S3 = 'S3',
  /** Amazon S3 on Outposts. */
  OUTPOST_S3 = 'OUTPOST_S3',
  /** Amazon EFS. */
  EFS = 'EFS',
  /** Amazon FSx for Windows File Server. */
  FSX_WINDOWS = 'FSX_WINDOWS',
  /** Amazon FSx for Lustre. */
  FSX_LUSTRE = 'FSX_LUSTRE',
  /** Amazon FSx for OpenZFS. */
  FSX_OPENZFS_NFS = 'FSX_OPENZFS_NFS',
  /** Amazon FSx for NetApp ONTAP, over NFS. */
  FSX_ONTAP_NFS = 'FSX_ONTAP_NFS',
  /** Amazon FSx for NetApp ONTAP, over SMB. */
  FSX_ONTAP_SMB = 'FSX_ONTAP_SMB',
  /** A file server that speaks NFS. */
  NFS = 'NFS',
  /** A file server that speaks SMB. */
  SMB = 'SMB',
  /** A Hadoop cluster. */
  HDFS = 'HDFS',
  /** An object store with the API of Amazon S3, self-managed or in another cloud. */
  OBJECT_STORAGE = 'OBJECT_STORAGE',
  /** Microsoft Azure Blob Storage. */
  AZURE_BLOB = 'AZURE_BLOB',
}

/** What is known of a location that exists already. */
export interface LocationAttributes {
  /** ARN of the location. */
  readonly locationArn: string;

  /**
   * Where the location is.
   *
   * @default - not known
   */
  readonly locationUri?: string;

  /**
   * The kind of storage.
   *
   * @default - not known: what depends on it is not checked
   */
  readonly locationType?: LocationType;
}

/** Base of all locations. */
export abstract class Location extends Resource implements ILocation {
  /**
   * A location that exists already.
   *
   * @throws when the ARN is not that of a location
   */
  public static fromLocationArn(scope: Construct, id: string, locationArn: string): ILocation {
    return Location.fromLocationAttributes(scope, id, { locationArn });
  }

  /**
   * A location that exists already, with more known of it, so that tasks can check more.
   *
   * @throws when the ARN is not that of a location
   */
  public static fromLocationAttributes(scope: Construct, id: string, attrs: LocationAttributes): ILocation {
    checkArn(scope, id, 'locationArn', attrs.locationArn, 'location');

    class Import extends Resource implements ILocation {
      public readonly locationArn = attrs.locationArn;
      public readonly locationUri = attrs.locationUri;
      public readonly locationType = attrs.locationType;
    }
    return new Import(scope, id, { environmentFromArn: attrs.locationArn });
  }

  public abstract readonly locationArn: string;
  public abstract readonly locationUri?: string;
  public abstract readonly locationType?: LocationType;

  /**
   * Called by a task that writes to this location.
   *
   * @internal
   */
  public _useAsDestination(): void {}

  /**
   * Called by a task that uses this location, with the Region of the task.
   *
   * @internal
   */
  public _useInRegion(_region: string): void {}

  /**
   * What new objects are stored as, if that is known.
   *
   * @internal
   */
  public get _storageClass(): string | undefined {
    return undefined;
  }
}
