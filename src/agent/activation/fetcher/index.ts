import { send } from '../../../custom-resource/http';
import { FETCH_TIMEOUT } from '../contract';
import type { FetchAnswer, FetchRequest } from '../contract';

/** As the service has it. */
const KEY = /^[A-Z0-9]{5}(-[A-Z0-9]{5}){4}$/;

/** Asks an instance for its activation key. The one thing that has to be done inside the network; it may do nothing else, and logs nothing. */
export async function onFetch({ Url }: FetchRequest): Promise<FetchAnswer> {
  try {
    const { status, body } = await send('GET', new URL(Url), {}, '', AbortSignal.timeout(FETCH_TIMEOUT * 1000));
    const key = body.trim();
    if (status === 200 && KEY.test(key)) return { Key: key };
    return { Problem: `an answer without a key, of HTTP status ${status}` };
  } catch (error) {
    const { code, name } = error as { code?: unknown; name: string };
    return { Problem: typeof code === 'string' ? code : name };
  }
}
