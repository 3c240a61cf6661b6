import { setMaxListeners } from 'node:events';
import { copy } from './copy';
import { newCounters } from './counters';
import { FatalError, messageOf } from './errors';
import type { Counters, Phase, PhaseResult, TransferObserver, TransferResult } from './outcome';
import { refuseOverlap } from './overlap';
import { prepare } from './prepare';
import type { TransferRequest } from './request';
import { TransferRun } from './run';
import { Throttle } from './throttle';
import { verify } from './verify';

const MISMATCHES = 'Transfer and verification completed. Verification detected mismatches. Files with mismatches are listed in Cloud Watch Logs';
const MISMATCHES_ENHANCED = 'Verification failed due to a difference in metadata';
const SKIPPED = 'Transfer and verification completed. Selected files transferred except for files skipped due to errors. '
  + 'If no skipped files are listed in Cloud Watch Logs, please contact AWS Support for further assistance.';

/** The code of a run that came to its end without some of its items, and verified all others. */
export const ITEMS_FAILED = 'FilesSkipped';

type Outcome = Pick<TransferResult, 'errorCode' | 'errorDetail'>;

/** One execution's transfer: prepare, transfer, verify. To be run once. */
export class Transfer {
  public readonly counters: Counters = newCounters();
  private readonly throttle: Throttle;
  private readonly phases: Record<Phase, PhaseResult> = {
    PREPARING: { status: 'PENDING', durationMs: 0 },
    TRANSFERRING: { status: 'PENDING', durationMs: 0 },
    VERIFYING: { status: 'PENDING', durationMs: 0 },
  };

  constructor(private readonly request: TransferRequest) {
    this.throttle = new Throttle(request.options.BytesPerSecond);
  }

  /** Bytes per second over all streams, -1 for no limit; takes effect on a running copy. */
  public set bytesPerSecond(limit: number) {
    this.throttle.bytesPerSecond = limit;
  }

  /**
   * Never rejects. Items that fail are counted and the run goes on, to end in ERROR; a location that cannot be used ends it at once.
   * After `signal` fires the run ends soon, keeps what it copied, and is an ERROR too.
   */
  public async run(observer: TransferObserver, signal: AbortSignal): Promise<TransferResult> {
    setMaxListeners(0, signal); // every request listens for a cancel
    const run = new TransferRun(this.request, this.counters, this.throttle, signal, observer);
    let outcome: Outcome;
    try {
      outcome = await this.runPhases(run, observer);
    } catch (error) {
      outcome = describeEnd(error, signal);
    } finally {
      run.close();
    }
    return {
      status: outcome.errorDetail === undefined ? 'SUCCESS' : 'ERROR',
      ...outcome,
      prepare: this.phases.PREPARING,
      transfer: this.phases.TRANSFERRING,
      verify: this.phases.VERIFYING,
    };
  }

  private async runPhases(run: TransferRun, observer: TransferObserver): Promise<Outcome> {
    const { failures } = run.counter;
    await this.phase('PREPARING', observer, async () => {
      await run.usable('source', backend => backend.access());
      await run.usable('destination', backend => backend.access());
      await refuseOverlap(this.request);
      await prepare(run);
      return failures.List + failures.Prepare === 0;
    }, run.signal);
    await this.phase('TRANSFERRING', observer, async () => {
      await copy(run);
      return failures.Transfer + failures.Delete === 0;
    }, run.signal);
    if (this.request.options.VerifyMode !== 'NONE') {
      await this.phase('VERIFYING', observer, async () => {
        await verify(run);
        return failures.Verify === 0;
      }, run.signal);
    }
    if (failures.Verify > 0) {
      return { errorCode: 'VerificationFailed', errorDetail: this.request.taskMode === 'BASIC' ? MISMATCHES : MISMATCHES_ENHANCED };
    }
    if (Object.values(failures).some(count => count > 0)) return { errorCode: ITEMS_FAILED, errorDetail: SKIPPED };
    return {};
  }

  /** `work` resolves to whether every item went well. */
  private async phase(name: Phase, observer: TransferObserver, work: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    observer.onPhase(name);
    const start = performance.now();
    let clean = false;
    try {
      clean = await work();
      signal.throwIfAborted();
    } catch (error) {
      clean = false;
      throw error;
    } finally {
      const durationMs = this.request.taskMode === 'ENHANCED' ? 0 : Math.max(1, Math.round(performance.now() - start));
      this.phases[name] = { status: clean ? 'SUCCESS' : 'ERROR', durationMs };
    }
  }
}

/** The codes are ours: the service documents texts but no codes. */
function describeEnd(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return { errorCode: 'Cancelled', errorDetail: 'The task execution was cancelled.' };
  if (error instanceof FatalError) return { errorCode: error.code, errorDetail: error.message };
  return { errorCode: 'InternalFailure', errorDetail: `Task execution failed: ${messageOf(error)}` };
}
