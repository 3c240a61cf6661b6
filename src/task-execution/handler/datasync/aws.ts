import { getParameter, putParameter } from './parameter';
import type { Services } from './services';
import { awsServices as customResourceServices } from '../../../custom-resource/aws';
import type { CustomResourceServices } from '../../../custom-resource/services';

/** The real services. */
export function awsServices(): Services {
  return customResourceServices(client => ({
    putParameter: (name, value, signal) => putParameter(client(), name, value, signal),
    getParameter: (name, signal) => getParameter(client(), name, signal),
  } satisfies Omit<Services, keyof CustomResourceServices | 'datasync'>));
}
