import { AGENT_SECTIONS } from './agents';
import { EXECUTION_SECTIONS } from './executions';
import { LOCATION_SECTIONS } from './locations';
import { MONITORING_SECTIONS } from './monitoring';
import { TASK_SECTIONS } from './tasks';

/** Every rule that synthesis checks. */
export const SECTIONS = [...TASK_SECTIONS, ...LOCATION_SECTIONS, ...AGENT_SECTIONS, ...EXECUTION_SECTIONS, ...MONITORING_SECTIONS];
