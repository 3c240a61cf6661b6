/// <reference lib="dom" />
import { idOf } from './format';
import { call, switchAgent } from './service';
import type { ViewState } from './view-state';

const MIB = 1024 * 1024;

/** What actions need of the page. */
export interface ActionHost {
  readonly state: ViewState;
  /** Shows the page as it should be by now. */
  render(): void;
  /** Asks the server, and shows what it tells. */
  refresh(): Promise<void>;
  /** Tells the outcome of an action. */
  tell(text: string, isBad?: boolean): void;
}

/** Lets buttons and forms that have a `data-action` do it. One listener for all of them: they come and go. */
export function listen(host: ActionHost): void {
  const { state } = host;
  const busy = new Set<string>();
  const perform = async (key: string, action: () => Promise<string>) => {
    if (busy.has(key)) return;
    busy.add(key);
    try {
      host.tell(await action());
    } catch (error) {
      host.tell((error as Error).message, true);
    } finally {
      busy.delete(key);
    }
    await host.refresh();
  };
  const show = (arn: string, panel: 'cancel' | 'limit' | undefined, focus: string) => {
    if (panel) state.panels.set(arn, panel);
    else state.panels.delete(arn);
    host.render();
    document.getElementById(`${focus}-${idOf(arn)}`)?.focus();
  };
  const close = (arn: string) => show(arn, undefined, state.panels.get(arn) === 'cancel' ? 'ask-cancel' : 'ask-limit');

  document.addEventListener('click', event => {
    const button = (event.target as Element).closest<HTMLElement>('button[data-action]');
    const { action, arn = '', value = '' } = button?.dataset ?? {};
    switch (action) {
      case 'start':
        return void perform(`start ${arn}`, async () => `Started ${idOf((await call('StartTaskExecution', arn, { TaskArn: arn })).TaskExecutionArn)}.`);
      case 'switch':
        return void perform(`switch ${arn}`, async () => {
          await switchAgent(arn, value);
          return `${idOf(arn)} is ${value}.`;
        });
      case 'ask-cancel': return show(arn, 'cancel', 'keep');
      case 'ask-limit': return show(arn, 'limit', 'limit');
      case 'keep':
      case 'close': return close(arn);
      case 'cancel':
        return void perform(`cancel ${arn}`, async () => {
          await call('CancelTaskExecution', arn, { TaskExecutionArn: arn });
          state.panels.delete(arn);
          return `Cancelled ${idOf(arn)}.`;
        });
    }
  });

  document.addEventListener('submit', event => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const { arn = '' } = form.dataset;
    const text = (form.elements.namedItem('limit') as HTMLInputElement).value.trim();
    const limit = text === '' ? -1 : Math.round(Number(text.replace(',', '.')) * MIB);
    if (text !== '' && !(limit > 0 && Number.isSafeInteger(limit))) {
      host.tell(`The limit "${text}" must be a number of MiB per second above 0, such as 0.5; leave it empty for none.`, true);
      return;
    }
    void perform(`limit ${arn}`, async () => {
      await call('UpdateTaskExecution', arn, { TaskExecutionArn: arn, Options: { BytesPerSecond: limit } });
      close(arn);
      return `${idOf(arn)} ${text === '' ? 'has no limit any more' : `is limited to ${text} MiB/s`}.`;
    });
  });

  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    host.tell('');
    const arn = (event.target as Element).closest<HTMLElement>('article')?.dataset.key;
    if (arn !== undefined && state.panels.has(arn)) close(arn);
  });
}
