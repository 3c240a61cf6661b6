import { Stack } from 'aws-cdk-lib';
import { CfnLocationFSxONTAP } from 'aws-cdk-lib/aws-datasync';
import type { Connections, IConnectable, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { aws_datasync, aws_fsx } from 'aws-cdk-lib/interfaces';
import type { Construct, IConstruct } from 'constructs';
import { storageVirtualMachineArn } from './fsx-file-system';
import { Location } from './location';
import type { Direction, LocationBinding } from './location-binding';
import type { VpcLocationProps } from './location-network';
import { checkNetwork, LocationNetwork } from './location-network';
import { checkPath, ROOT_REMEDY } from './location-path';
import type { SecretBinding } from './location-secret';
import { LocationType } from './location-type';
import type { NtlmOptions } from './ntlm';
import { checkNtlm } from './ntlm';
import { SmbVersion } from './smb-location';
import type { FileSystemPorts } from '../private/ports';
import { ONTAP_NFS_PORTS, ONTAP_SMB_PORTS } from '../private/ports';
import { checkClass, checkEnvironment, checkTags } from '../validation/checks';
import { Problems } from '../validation/problems';

/** How a storage virtual machine is mounted by SMB. */
export interface OntapSmbOptions extends NtlmOptions {
  /**
   * The version of SMB to mount with. SMB 1 cannot be used.
   *
   * @default - AUTOMATIC
   */
  readonly smbVersion?: SmbVersion;
}

/** By which protocol a storage virtual machine is mounted. */
export class OntapProtocol {
  /** By NFS, version 3. */
  public static nfs(): OntapProtocol {
    // The options are required, and CDK would leave out empty ones.
    return new OntapProtocol(LocationType.FSX_ONTAP_NFS, ONTAP_NFS_PORTS, () => ({ nfs: { mountOptions: { version: 'NFS3' } } }));
  }

  /** By SMB, with a user and a password. The service uses NTLM. */
  public static smb(options: OntapSmbOptions): OntapProtocol {
    const { user, domain, smbVersion = SmbVersion.AUTOMATIC } = options;
    return new OntapProtocol(LocationType.FSX_ONTAP_SMB, ONTAP_SMB_PORTS, secret => ({
      smb: { user, domain, password: secret?.value, mountOptions: { version: smbVersion.value }, ...secret?.config },
    }), options);
  }

  private constructor(
    /** @internal */ public readonly _type: LocationType,
    /** @internal */ public readonly _ports: FileSystemPorts,
    private readonly render: (secret?: SecretBinding) => CfnLocationFSxONTAP.ProtocolProperty,
    private readonly smb?: OntapSmbOptions,
  ) {}

  /** @internal */
  public _check(scope: Construct, problems: Problems): void {
    if (!this.smb) return;
    checkNtlm(problems, this.smb);
    this.smb.password._check(scope, problems);
    checkClass(problems, 'smbVersion', this.smb.smbVersion, 'SmbVersion');
    if (this.smb.smbVersion?.value === SmbVersion.SMB1.value) problems.add('smbVersion "SMB1"', 'FSx for ONTAP is not mounted by SMB 1', 'leave it out');
  }

  /** @internal */
  public _bind(scope: Construct): Pick<SecretBinding, 'dependables' | 'trustTasksOf'> & { readonly property: CfnLocationFSxONTAP.ProtocolProperty } {
    const secret = this.smb?.password._bind(scope);
    return { property: this.render(secret), dependables: secret?.dependables ?? [], trustTasksOf: region => secret?.trustTasksOf(region) };
  }
}

/** Properties of an `FsxOntapLocation`. */
export interface FsxOntapLocationProps extends VpcLocationProps {
  /**
   * The storage virtual machine: a `CfnStorageVirtualMachine`, or with `FsxStorageVirtualMachine.fromStorageVirtualMachineId()` one that exists
   * already.
   */
  readonly storageVirtualMachine: aws_fsx.IStorageVirtualMachineRef;

  /**
   * The file system of the storage virtual machine, of the account and Region of the location: a `CfnFileSystem`, or with
   * `FsxFileSystem.fromFileSystemId()` one that exists already.
   */
  readonly fileSystem: aws_fsx.IFileSystemRef;

  /**
   * The security groups of the file system. They get a rule that lets the location in.
   *
   * @default - not known: there is no rule, and a warning says which is needed
   */
  readonly fileSystemSecurityGroups?: ISecurityGroup[];

  /** By which protocol the storage virtual machine is mounted, and by whom. */
  readonly protocol: OntapProtocol;

  /**
   * The junction path of a volume, a qtree or a folder below it, such as `/vol1/tree1`, or the name of a share; at most 255 letters and
   * digits of ASCII, spaces and `_ - + . / ( ) $`. It must not be in the root volume of the storage virtual machine.
   *
   * @default - the root of the storage virtual machine
   */
  readonly subdirectory?: string;
}

/**
 * A volume of an Amazon FSx for NetApp ONTAP file system, by NFS or SMB. Tasks in Basic mode only.
 *
 * **What this creates**: the location; unless you bring them, a security group for the service's network interfaces; rules between that group
 * and those of the file system, in the stack of the location; and for a secret of yours a role that may read it, unless you bring one.
 *
 * **Limitations**: no iSCSI, no Kerberos.
 *
 * @resource AWS::DataSync::LocationFSxONTAP
 * @see https://docs.aws.amazon.com/datasync/latest/userguide/create-ontap-location.html
 * @example
 * new datasync.FsxOntapLocation(this, 'Volume', {
 *   fileSystem: datasync.FsxFileSystem.fromFileSystemId(this, 'FileSystem', 'fs-0123456789abcdef0'),
 *   storageVirtualMachine: datasync.FsxStorageVirtualMachine.fromStorageVirtualMachineId(this, 'Svm', 'svm-0123456789abcdef0'),
 *   fileSystemSecurityGroups: [securityGroup],
 *   vpc,
 *   protocol: datasync.OntapProtocol.nfs(),
 *   subdirectory: '/vol1',
 * });
 */
export class FsxOntapLocation extends Location implements aws_datasync.ILocationFSxONTAPRef, IConnectable {
  /** @attribute */
  public readonly locationArn: string;

  /** @attribute */
  public readonly locationUri?: string;

  public readonly locationType?: LocationType;

  /** The security groups of the service's network interfaces. */
  public readonly connections: Connections;

  private readonly mount: Pick<SecretBinding, 'trustTasksOf'>;

  /**
   * @throws when a property breaks a rule of the service, naming everything that does
   */
  constructor(scope: Construct, id: string, props: FsxOntapLocationProps) {
    super(scope, id);
    this.checkProps(props);
    const { fileSystem, storageVirtualMachine, fileSystemSecurityGroups: securityGroups, protocol, subdirectory } = props;
    this.locationType = protocol._type;
    const network = new LocationNetwork(this, props, { construct: fileSystem, securityGroups, ports: protocol._ports });
    this.connections = network.connections;
    const { property, dependables } = this.mount = protocol._bind(this);
    const { storageVirtualMachineId } = storageVirtualMachine.storageVirtualMachineRef;
    const resource = new CfnLocationFSxONTAP(this, 'Resource', {
      storageVirtualMachineArn: storageVirtualMachineArn(this, fileSystem.fileSystemRef.fileSystemId, storageVirtualMachineId),
      securityGroupArns: network.securityGroupArns,
      protocol: property,
      subdirectory,
    });
    resource.node.addDependency(...network.dependables, ...dependables);
    checkTags(this, resource);
    this.locationArn = resource.ref;
    this.locationUri = resource.attrLocationUri;
  }

  /** What L1s that take the location take of it. */
  public get locationFSxOntapRef(): aws_datasync.LocationFSxONTAPReference {
    return { locationArn: this.locationArn };
  }

  /** @internal */
  public override _bind(direction: Direction, task: IConstruct): LocationBinding {
    this.mount.trustTasksOf(Stack.of(task).region);
    return super._bind(direction, task);
  }

  private checkProps(props: FsxOntapLocationProps): void {
    const problems = new Problems(this.node.path);
    checkEnvironment(problems, this, 'fileSystem', props.fileSystem);
    checkEnvironment(problems, this, 'storageVirtualMachine', props.storageVirtualMachine);
    checkNetwork(problems, this, props, props.fileSystemSecurityGroups);
    props.protocol._check(this, problems);
    checkPath(problems, props.subdirectory, ROOT_REMEDY, { max: 255 }); // the characters are those of CloudFormation, the API takes all
    problems.throwIfAny();
  }
}
