import { Stack } from 'aws-cdk-lib';
import { CfnLocationAzureBlob } from 'aws-cdk-lib/aws-datasync';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { aws_datasync } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { AzureAccessTier } from './azure-access-tier';
import type { AzureBlobAuthentication } from './azure-blob-authentication';
import { federate } from './federated-identity';
import { Location } from './location';
import type { Direction, LocationBinding } from './location-binding';
import { ROOT_REMEDY } from './location-path';
import type { SecretBinding } from './location-secret';
import { LocationType } from './location-type';
import { arnsOf, checkAgents } from './self-managed-checks';
import type { ServiceRole } from '../private/service-role';
import { checkMember, checkTags, checkText } from '../validation/checks';
import { Problems } from '../validation/problems';

/** Properties of an `AzureBlobLocation`. */
export interface AzureBlobLocationProps {
  /** URL of the container, such as `https://account.blob.core.windows.net/container`; at most 325 characters. */
  readonly containerUrl: string;

  /** By whom the container is reached. */
  readonly authentication: AzureBlobAuthentication;

  /**
   * The agents that reach the container: 1 to 8. All of them must be online, otherwise the tasks do not start.
   *
   * Without agents, the location is for tasks in Enhanced mode whose other location is in S3. The service never lets a location change from agents
   * to none or back: make another one then.
   *
   * @default - none: the service reaches the container itself
   */
  readonly agents?: aws_datasync.IAgentRef[];

  /**
   * What new blobs are stored as, where the location is a destination.
   *
   * @default - HOT
   */
  readonly accessTier?: AzureAccessTier;

  /**
   * The folder of the container, such as `/landing`; at most 1024 characters.
   *
   * @default - the whole container
   */
  readonly subdirectory?: string;
}

/**
 * A container of Azure Blob Storage, or a folder of it.
 *
 * **What this creates**: the location. For a token of yours in Secrets Manager a role that may read it, with `AzureBlobAuthentication.oidc()` a role
 * that Microsoft Entra ID can trust; each of them unless you bring one.
 *
 * **Limitations**: the service tries the container at the first execution, not when the location is created. Block blobs only are written; block,
 * page and append blobs are read, those of the tier ARCHIVE after Azure has rehydrated them.
 *
 * @resource AWS::DataSync::LocationAzureBlob
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/creating-azure-blob-location.html
 * @example
 * new datasync.AzureBlobLocation(this, 'Azure', {
 *   containerUrl: 'https://account.blob.core.windows.net/container',
 *   authentication: datasync.AzureBlobAuthentication.sas(datasync.LocationSecret.fromSecretsManager(secret)),
 * });
 */
export class AzureBlobLocation extends Location implements aws_datasync.ILocationAzureBlobRef {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType = LocationType.AZURE_BLOB;

  /**
   * The role that Microsoft Entra ID has to trust, with `AzureBlobAuthentication.oidc()`: its ARN is the subject of the tokens.
   *
   * @default - none with another authentication
   */
  public readonly role?: IRole;

  private readonly token?: SecretBinding;
  private readonly federation?: ServiceRole;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: AzureBlobLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { authentication, agents } = props;

    const token = this.token = authentication._token?._bind(this);
    const resource = new CfnLocationAzureBlob(this, 'Resource', {
      azureBlobContainerUrl: props.containerUrl,
      azureBlobAuthenticationType: authentication._type,
      azureBlobSasConfiguration: token?.value === undefined ? undefined : { azureBlobSasToken: token.value },
      ...token?.config,
      azureAccessTier: props.accessTier,
      agentArns: agents && arnsOf(agents),
      subdirectory: props.subdirectory,
    });
    if (authentication._federation) this.federation = federate(this, resource, authentication._federation);
    this.role = this.federation?.role;
    resource.node.addDependency(...token?.dependables ?? []);
    checkTags(this, { cfnResourceType: resource.cfnResourceType, tags: resource.cdkTagManager }); // in this L1, `tags` are those of the app only
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationAzureBlobRef(): aws_datasync.LocationAzureBlobReference {
    return { locationArn: this.locationArn };
  }

  /** @internal */
  public override _bind(direction: Direction, task: IConstruct): LocationBinding {
    const { region } = Stack.of(task);
    this.token?.trustTasksOf(region);
    this.federation?.trustTasksOf(region);
    return super._bind(direction, task);
  }

  private checkProps(props: AzureBlobLocationProps): void {
    const problems = new Problems(this.node.path);
    checkText(problems, 'containerUrl', props.containerUrl, {
      required: true,
      max: 325,
      pattern: /^https:\/\/[A-Za-z0-9]((\.|-+)?[A-Za-z0-9]){0,252}\/[a-z0-9](-?[a-z0-9]){2,62}$/,
      says: 'must have the form of https://host/container, without port, query and slash at the end',
      remedy: 'give the URL of the container, such as "https://account.blob.core.windows.net/container", and what is below it as subdirectory',
    });
    checkMember(problems, 'accessTier', props.accessTier, AzureAccessTier);
    checkText(problems, 'subdirectory', props.subdirectory, { max: 1024, remedy: ROOT_REMEDY });
    checkAgents(problems, this, props.agents);
    props.authentication._check(this, problems);
    problems.throwIfAny();
  }
}
