/** A client of any service. */
interface SdkClient {
  readonly middlewareStack: { add(middleware: any, options: { readonly step: 'build' }): void };
  send(command: any): Promise<unknown>;
}

/** The settings that decide where it sends. */
interface SdkConfig {
  readonly ignoreConfiguredEndpointUrls: boolean;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Where the SDK would send a command: to AWS, or where environment and profile lead it instead. None is sent.
 *
 * @param make makes a client with these settings
 */
export async function sdkEndpoint(
  make: (config: SdkConfig) => SdkClient, command: object,
): Promise<{ readonly url: string; readonly isAws: boolean }> {
  const urlOf = async (ignoreConfiguredEndpointUrls: boolean) => {
    const client = make({ ignoreConfiguredEndpointUrls, credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' } });
    let url = '';
    client.middlewareStack.add((_: unknown, context: { readonly endpointV2?: { readonly url: URL } }) => async () => {
      url = String(context.endpointV2!.url).replace(/\/$/, '');
      return { response: undefined, output: { $metadata: {} } };
    }, { step: 'build' });
    await client.send(command);
    return url;
  };
  const url = await urlOf(false);
  return { url, isAws: url === await urlOf(true) };
}

/** What to call where the SDK leads, unless it is AWS. */
export function elsewhere(url: string): string {
  return `${url}, as the AWS SDK is configured`;
}
