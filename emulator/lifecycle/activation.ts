import { randomInt } from 'node:crypto';
import type { EndpointType } from '@aws-sdk/client-datasync';
import type { Clock } from '../clock';
import { InvalidRequestError } from '../errors';
import type { Scope } from '../model/scope';

/** How long a key is valid. */
const VALID_FOR_MS = 30 * 60_000;
const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const ENDPOINT_TYPES: readonly string[] = ['PUBLIC', 'FIPS', 'PRIVATE_LINK', 'FIPS_PRIVATE_LINK'] satisfies EndpointType[];

/** What the request for a key says of the future agent. The service learns it from the key. */
export interface ActivationRequest {
  readonly region: string;
  readonly endpointType: EndpointType;
  /** IPv4 address of the VPC endpoint. */
  readonly privateLinkEndpoint?: string;
}

interface IssuedKey extends ActivationRequest {
  readonly key: string;
  readonly validUntil: number;
  isUsed: boolean;
}

/**
 * The machines of agents that are not activated yet, and the keys that they gave. A machine is there as soon as somebody asks it for its key;
 * it gives one key, once, and answers nobody afterwards.
 */
export class Activation {
  /** By the machine. */
  private readonly issued = new Map<string, IssuedKey>();

  constructor(private readonly clock: Clock) {}

  /** A key, or undefined if this machine has given one before. */
  public issue(machine: string, request: ActivationRequest): string | undefined {
    if (this.issued.has(machine)) return undefined;
    const key = Array.from({ length: 5 }, () => Array.from({ length: 5 }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join('')).join('-');
    this.issued.set(machine, { ...request, key, validUntil: this.clock.now().getTime() + VALID_FOR_MS, isUsed: false });
    return key;
  }

  /**
   * Takes a key for a new agent. A key that no machine here has given is taken as well, as often as you like: agents need no machine.
   *
   * @returns what the key tells; undefined of one that is not from here
   * @throws InvalidRequestError if it is too old, of another Region, or used
   */
  public redeem(key: string, { region }: Scope): ActivationRequest | undefined {
    const issued = [...this.issued.values()].find(each => each.key === key);
    if (!issued) return undefined;
    const problem = issued.isUsed ? 'has been used already'
      : this.clock.now().getTime() > issued.validUntil ? 'has expired'
        : issued.region !== region ? `is for the Region ${issued.region}, not for ${region}` : undefined;
    if (problem) throw new InvalidRequestError(`Invalid parameter: the activation key ${problem}.`, 'InvalidActivationKey');
    issued.isUsed = true;
    return issued;
  }
}

/** @throws Error that says what is wrong with the query */
export function parseActivationRequest(query: URLSearchParams): ActivationRequest {
  const region = query.get('activationRegion') ?? '';
  const endpointType = query.get('endpointType') ?? 'PUBLIC';
  const privateLinkEndpoint = query.get('privateLinkEndpoint') ?? undefined;
  if (query.get('gatewayType') !== 'SYNC') throw new Error('gatewayType must be SYNC');
  if (!/^[a-z]{2}(-[a-z]+)+-\d+$/.test(region)) throw new Error('activationRegion must be a Region, such as us-east-1');
  if (!ENDPOINT_TYPES.includes(endpointType)) throw new Error(`endpointType must be one of ${ENDPOINT_TYPES.join(', ')}, or be left out`);
  const isPrivate = endpointType.endsWith('PRIVATE_LINK');
  if (isPrivate !== /^\d{1,3}(\.\d{1,3}){3}$/.test(privateLinkEndpoint ?? '')) {
    throw new Error(isPrivate ? 'privateLinkEndpoint must be the IPv4 address of the VPC endpoint' : 'privateLinkEndpoint goes with endpointType PRIVATE_LINK');
  }
  return { region, endpointType: endpointType as EndpointType, privateLinkEndpoint };
}
