import { parentPort, threadId } from 'node:worker_threads';
import { FileWriter } from './file-writer';
import type { BriefContext } from './file-writer';
import { openFolders } from './folders';
import type { Folders } from './folders';
import { pack, unpack } from './pack';
import type { Packed } from './pack';
import { Staging } from './staging';
import type { Copied, CopyException, CopyRequest, ThreadAnswer, ThreadFailure, ThreadRequest, WalkRequest } from './thread-protocol';
import { Walk } from './walk';
import { codeOf, messageOf } from '../../engine/errors';
import { Filter } from '../../engine/filter';

/** What this thread has open for a run that it copies for. */
interface ThreadRun {
  readonly from: Folders;
  readonly writer: FileWriter;
  close(): void;
}

const walks = new Map<number, Walk>();
/** By the ids of the runs. */
const runs = new Map<string, ThreadRun>();

function answer(request: ThreadRequest): unknown {
  switch (request.kind) {
    case 'walk': return continueWalk(request);
    case 'leave': return leave(request.walk);
    case 'copy': return copy(request);
    case 'end': return end(request.run);
  }
}

function continueWalk({ walk: id, begun }: WalkRequest): Packed | undefined {
  if (begun) walks.set(id, new Walk(begun.scope, new Filter(begun.includes, begun.excludes), begun.frames));
  const items = walks.get(id)?.next();
  if (!items) leave(id);
  return items && pack(items);
}

function leave(id: number): void {
  walks.get(id)?.close();
  walks.delete(id);
}

function end(id: string): void {
  runs.get(id)?.close();
  runs.delete(id);
}

function runOf(request: CopyRequest): ThreadRun {
  const { id } = request.staging;
  const run = runs.get(id) ?? openRun(request);
  runs.set(id, run);
  return run;
}

function openRun({ from: source, to: destination, staging: shared, keepsOwner }: CopyRequest): ThreadRun {
  const opened: Array<() => void> = [];
  const close = () => opened.reverse().forEach(release => release());
  try {
    const from = openFolders(source);
    opened.push(() => from.close());
    const to = openFolders(destination);
    opened.push(() => to.close());
    const staging = Staging.join(shared, to, threadId);
    opened.push(() => staging.end());
    return { from, writer: new FileWriter(to, staging, keepsOwner), close };
  } catch (error) {
    close();
    throw error;
  }
}

function copy(request: CopyRequest): Copied {
  const { from, writer } = runOf(request);
  const exceptions: CopyException[] = [];
  let [sent, written] = [0, 0];
  const context: BriefContext = {
    options: request.options,
    sent: bytes => { sent += bytes; },
    written: bytes => { written += bytes; },
  };
  for (const [index, item] of unpack(request.items).entries()) {
    try {
      if (writer.isKept(item, context)) exceptions.push({ index, reason: 'kept' });
      else if (!writer.copySmall(from, item, context)) exceptions.push({ index, reason: 'changed' });
    } catch (error) {
      exceptions.push({ index, reason: failureOf(error) });
    }
  }
  return { sent, written, exceptions };
}

function failureOf(error: unknown): ThreadFailure {
  return { message: messageOf(error), code: codeOf(error) };
}

parentPort?.on('message', ({ id, request }: { id: number; request: ThreadRequest }) => {
  let reply: ThreadAnswer;
  try {
    reply = { id, result: answer(request) };
  } catch (error) {
    reply = { id, failure: failureOf(error) };
  }
  parentPort!.postMessage(reply);
});
parentPort?.postMessage({ id: 0 } satisfies ThreadAnswer); // ready
