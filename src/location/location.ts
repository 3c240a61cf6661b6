import type { IResource } from 'aws-cdk-lib';
import { CfnResource, Resource } from 'aws-cdk-lib';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { AzureAccessTier } from './azure-access-tier';
import { checkCfnLocation, traitsOfCfnLocation, typeOfCfnLocation } from './cfn-location';
import type { Direction, LocationBinding } from './location-binding';
import { newBinding } from './location-binding';
import type { LocationType } from './location-type';
import type { S3StorageClass } from './s3-storage-class';
import { checkArn, locationIdOf } from '../private/arn';
import { checkClass, checkCount, checkMember } from '../validation/checks';
import { Problems } from '../validation/problems';

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
   * Id of the location, `loc-` and 17 characters.
   *
   * @attribute
   */
  readonly locationId: string;

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

  /**
   * What new objects are stored as, if the location is in S3.
   *
   * @default - not known: what depends on it is not checked
   */
  readonly storageClass?: S3StorageClass;

  /**
   * What new blobs are stored as, if the location is in Azure Blob Storage.
   *
   * @default - not known: what depends on it is not checked
   */
  readonly accessTier?: AzureAccessTier;

  /**
   * The agents that reach the location; an empty list for a store of objects that the service reaches without one.
   *
   * @default - not known: what depends on it is not checked
   */
  readonly agents?: aws_datasync.IAgentRef[];
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
    const problems = new Problems(`${scope.node.path}/${id}`);
    checkClass(problems, 'locationType', attrs.locationType, 'LocationType');
    checkClass(problems, 'storageClass', attrs.storageClass, 'S3StorageClass');
    checkMember(problems, 'accessTier', attrs.accessTier, AzureAccessTier);
    checkCount(problems, 'agents', attrs.agents, 0, 8, 'agents');
    problems.throwIfAny();

    class Import extends Location {
      public readonly locationArn = attrs.locationArn;
      public readonly locationUri = attrs.locationUri;
      public readonly locationType = attrs.locationType;

      public override _describe(): LocationBinding {
        return newBinding(this, { storageClass: attrs.storageClass?.value, accessTier: attrs.accessTier, agentless: attrs.agents?.length === 0 });
      }
    }
    return new Import(scope, id, { environmentFromArn: attrs.locationArn });
  }

  /**
   * The location of an L1 of any kind, such as a `CfnLocationSMB`, with what is known of it: tasks check it, and starts notice its changes, like a
   * location of this library. Roles, network and permissions are up to you.
   *
   * @throws when the resource is not a location
   * @example
   * new datasync.Task(this, 'Task', { source: datasync.Location.fromCfnLocation(share), destination });
   */
  public static fromCfnLocation(resource: CfnResource): ILocation {
    const id = '@FromCfnLocation';
    const existing = resource.node.tryFindChild(id);
    if (existing) return existing as Location;
    checkCfnLocation(resource);

    class Import extends Location {
      public readonly locationArn = resource.ref;
      public readonly locationUri = resource.getAtt('LocationUri').toString();

      public get locationType(): LocationType | undefined {
        return typeOfCfnLocation(resource);
      }
    }
    const location = new Import(resource, id);
    location.node.defaultChild = resource;
    return location;
  }

  public abstract readonly locationArn: string;
  public abstract readonly locationUri?: string;
  public abstract readonly locationType?: LocationType;

  public get locationId(): string {
    return locationIdOf(this.locationArn);
  }

  /**
   * Called once by each task of this app that uses the location, in any order: gives the location what it needs to be read, or written. What
   * it gives adds up. It changes no property of a resource and makes no construct, as the task may be of another stack.
   *
   * @internal
   */
  public _bind(_direction: Direction, _task: IConstruct): LocationBinding {
    return this._describe();
  }

  /**
   * What a task may know of the location, which gets nothing by it: as its resource is when the task asks, since it may have been changed.
   *
   * @internal
   */
  public _describe(): LocationBinding {
    const resource = this.node.defaultChild;
    return newBinding(this, resource && CfnResource.isCfnResource(resource) ? traitsOfCfnLocation(resource) : {});
  }
}
